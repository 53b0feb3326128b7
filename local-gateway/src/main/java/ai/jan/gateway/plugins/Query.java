// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.plugins;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Query strings as OpenResty reads them. Texts are bytes as Latin-1 characters. */
final class Query {
    static final int MOST = 1000;

    /** One argument, unescaped; one without an equals sign has no value. */
    record Argument(String name, Optional<String> value) {}

    private Query() {}

    /** The first arguments of a query that may begin with its question mark. */
    static List<Argument> parse(String query, int most) {
        var arguments = new ArrayList<Argument>();
        var text = query.startsWith("?") ? query.substring(1) : query;
        for (var part : text.split("&", -1)) {
            int equals = part.indexOf('=');
            var name = unescape(equals < 0 ? part : part.substring(0, equals));
            if (name.isEmpty()) {
                continue; // OpenResty passes over nameless arguments
            }
            if (arguments.size() == most) {
                break;
            }
            arguments.add(
                    new Argument(
                            name,
                            equals < 0
                                    ? Optional.empty()
                                    : Optional.of(unescape(part.substring(equals + 1)))));
        }
        return arguments;
    }

    private static String unescape(String text) {
        var plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int high =
                    c == '%' && i + 2 < text.length()
                            ? Character.digit(text.charAt(i + 1), 16)
                            : -1;
            int low = high < 0 ? -1 : Character.digit(text.charAt(i + 2), 16);
            if (low >= 0) {
                plain.append((char) (high * 16 + low));
                i += 2;
            } else {
                plain.append(c == '+' ? ' ' : c);
            }
        }
        return plain.toString();
    }

    /** Escapes all but unreserved characters. */
    static String escape(String text) {
        var escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean plain =
                    (c >= 'a' && c <= 'z')
                            || (c >= 'A' && c <= 'Z')
                            || (c >= '0' && c <= '9')
                            || "-._~".indexOf(c) >= 0;
            escaped.append(plain ? String.valueOf(c) : "%%%02X".formatted((int) c));
        }
        return escaped.toString();
    }
}
