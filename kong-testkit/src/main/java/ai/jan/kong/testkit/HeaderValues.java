// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit;

import ai.jan.kong.pdk.message.ListValue;
import ai.jan.kong.pdk.message.Struct;
import ai.jan.kong.pdk.message.Value;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How Kong writes values of any type into headers. */
public final class HeaderValues {
    private HeaderValues() {}

    /** The headers of a table; a name with an empty list, or a table, has no values. */
    public static Map<String, List<String>> of(Struct headers) {
        var all = new LinkedHashMap<String, List<String>>();
        headers.fields()
                .forEach((name, value) -> {
                    if (value instanceof ListValue
                            || value instanceof Struct
                            || text(value).isPresent()) {
                        all.put(name, of(value));
                    }
                });
        return all;
    }

    /** The values of one header. */
    public static List<String> of(Value value) {
        if (!(value instanceof ListValue(var items))) {
            return text(value).stream().toList();
        }
        var values = new ArrayList<String>();
        items.forEach(item -> text(item).ifPresent(values::add));
        return values;
    }

    /** A single value as text; nothing for what Kong cannot write. */
    public static Optional<String> text(Value value) {
        return switch (value) {
            case Value.Text(var text) -> Optional.of(text);
            case Value.Num(var number) -> Optional.of(number(number));
            case Value.Flag(var set) -> set ? Optional.of("true") : Optional.empty();
            case Value.Nil _, Struct _, ListValue _ -> Optional.empty();
        };
    }

    /** Lua's {@code %.14g}. */
    private static String number(double number) {
        if (number == Math.rint(number) && Math.abs(number) < 1e14) {
            return Long.toString((long) number);
        }
        var decimal = new BigDecimal(number, new MathContext(14)).stripTrailingZeros();
        int exponent = decimal.precision() - decimal.scale() - 1;
        if (exponent >= -4 && exponent < 14) {
            return decimal.toPlainString();
        }
        var digits = decimal.scaleByPowerOfTen(-exponent).toPlainString();
        return digits + (exponent < 0 ? "e-" : "e+") + String.format("%02d", Math.abs(exponent));
    }
}
