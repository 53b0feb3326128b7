// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import ai.jan.kong.pdk.KongText;
import ai.jan.kong.pdk.message.Struct;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.regex.Pattern;

/** What becomes of a request's path. */
final class RequestPaths {
    private RequestPaths() {}

    /** Decoded, without dot segments and double slashes: {@code kong.request.get_path}. */
    static String normalised(String rawPath) {
        var segments = new ArrayDeque<String>();
        for (var segment : rawPath.split("/", -1)) {
            if (segment.equals("..")) {
                segments.pollLast();
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                segments.addLast(segment);
            }
        }
        var path = "/" + String.join("/", segments);
        boolean folder = rawPath.endsWith("/") && path.length() > 1;
        return decode(path) + (folder ? "/" : "");
    }

    /** The variable {@code uri} of nginx, in which an escaped slash is a slash, too. */
    static String uri(String rawPath) {
        return normalised(rawPath.replace("%2F", "/").replace("%2f", "/"));
    }

    private static String decode(String path) {
        var out = new ByteArrayOutputStream();
        var bytes = KongText.encode(path);
        for (int i = 0; i < bytes.length; i++) {
            int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
            int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
            boolean escaped = bytes[i] == '%' && high >= 0 && low >= 0;
            int decoded = escaped ? high * 16 + low : bytes[i];
            if (escaped && decoded != '/') {
                out.write(decoded);
                i += 2;
            } else {
                out.write(bytes[i]);
            }
        }
        return KongText.decode(out.toByteArray());
    }

    /** The path that the service gets. */
    static String upstream(String path, Struct route, Struct service) {
        var rest = path;
        if (Entities.flag(route, "strip_path")) {
            rest = path.substring(matched(path, route).length());
        }
        var base = Entities.text(service, "path");
        if (base.endsWith("/")) {
            base = base.substring(0, base.length() - 1);
        }
        if (!rest.startsWith("/")) {
            rest = rest.isEmpty() && !base.isEmpty() ? "" : "/" + rest;
        }
        return base + rest;
    }

    /** The part of the path that the route's first matching path stands for. */
    static String matched(String path, Struct route) {
        for (var prefix : Entities.texts(route, "paths")) {
            if (prefix.startsWith("~")) {
                var matcher = Pattern.compile(groups(prefix.substring(1))).matcher(path);
                if (matcher.lookingAt()) {
                    return matcher.group();
                }
            } else if (path.startsWith(prefix)) {
                return prefix;
            }
        }
        return "";
    }

    /** Python's spelling of named groups, which Kong takes too. */
    static String groups(String regex) {
        return regex.replace("(?P<", "(?<");
    }

    /** Percent-encodes what does not belong into a path. */
    static String escape(String path) {
        var escaped = new StringBuilder();
        for (byte next : KongText.encode(path)) {
            boolean allowed = next > ' ' && next < 0x7f && "\"<>\\^`{|}?".indexOf((char) next) < 0;
            if (allowed) {
                escaped.append((char) next);
            } else {
                escaped.append(String.format("%%%02X", next));
            }
        }
        return escaped.toString();
    }

    /** Percent-encodes all but letters, digits and {@code -_.~!'()*}. */
    static String escapeArgument(String text) {
        var escaped = new StringBuilder();
        for (byte next : text.getBytes(StandardCharsets.UTF_8)) {
            boolean allowed =
                    next > 0
                            && (Character.isLetterOrDigit((char) next)
                                    || "-_.~!'()*".indexOf((char) next) >= 0);
            if (allowed) {
                escaped.append((char) next);
            } else {
                escaped.append(String.format("%%%02X", next));
            }
        }
        return escaped.toString();
    }
}
