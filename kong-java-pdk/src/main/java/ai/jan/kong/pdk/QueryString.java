// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A query string without its question mark, read as Kong reads it. */
public final class QueryString {
    /**
     * One argument.
     *
     * @param raw as it was sent
     * @param name decoded
     * @param value decoded; empty if there is no equals sign
     */
    public record Arg(String raw, String name, Optional<String> value) {}

    private QueryString() {}

    /** All arguments in order; those without a name are passed over, as Kong does. */
    public static List<Arg> parse(String query) {
        return parts(query).filter(arg -> !arg.name().isEmpty()).toList();
    }

    private static Stream<Arg> parts(String query) {
        return Arrays.stream(query.split("&")).map(QueryString::arg);
    }

    private static Arg arg(String raw) {
        int equals = raw.indexOf('=');
        return equals < 0
                ? new Arg(raw, decode(raw), Optional.empty())
                : new Arg(
                        raw,
                        decode(raw.substring(0, equals)),
                        Optional.of(decode(raw.substring(equals + 1))));
    }

    /** The query without any argument of that name; the others stay as they were sent. */
    public static String without(String query, String name) {
        return parts(query)
                .filter(arg -> !arg.name().equals(name))
                .map(Arg::raw)
                .collect(Collectors.joining("&"));
    }

    private static String decode(String text) {
        if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
            return text;
        }
        var bytes = KongText.encode(text);
        var out = new ByteArrayOutputStream(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '+') {
                out.write(' ');
            } else if (bytes[i] == '%' && i + 2 < bytes.length && hex(bytes, i + 1) >= 0) {
                out.write(hex(bytes, i + 1));
                i += 2;
            } else {
                out.write(bytes[i]);
            }
        }
        return KongText.decode(out.toByteArray());
    }

    /** The number that two hexadecimal digits are; negative if they are none. */
    private static int hex(byte[] bytes, int at) {
        int high = Character.digit(bytes[at], 16);
        int low = Character.digit(bytes[at + 1], 16);
        return high < 0 || low < 0 ? -1 : high * 16 + low;
    }
}
