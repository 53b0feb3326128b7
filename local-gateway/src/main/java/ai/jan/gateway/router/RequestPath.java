// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.router;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayDeque;
import java.util.Optional;

/**
 * Paths as Kong compares and sends them. All texts are bytes as Latin-1 characters, so that nothing
 * is lost on the way through.
 */
public final class RequestPath {
    private static final String RESERVED = "!#$&'()*+,/:;=?@[]%";
    private static final String KEPT = "!#$&'()*+,/:;=?@[]%-._~";

    private RequestPath() {}

    /**
     * The normalised path: escapes decoded but those of reserved characters, dot segments and
     * repeated slashes removed. Empty if nginx would refuse it: a broken escape, a NUL, or more
     * {@code ..} than segments.
     */
    public static Optional<String> normalise(String path) {
        return decode(path).flatMap(RequestPath::withoutDots);
    }

    private static Optional<String> decode(String path) {
        if (path.indexOf('%') < 0) {
            return Optional.of(path);
        }
        var decoded = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c != '%') {
                decoded.append(c);
                continue;
            }
            int code = hex(path, i + 1);
            if (code <= 0) {
                return Optional.empty();
            }
            if (RESERVED.indexOf(code) >= 0) {
                decoded.append('%').append("%02X".formatted(code));
            } else {
                decoded.append((char) code);
            }
            i += 2;
        }
        return Optional.of(decoded.toString());
    }

    private static int hex(String text, int at) {
        if (at + 2 > text.length()) {
            return -1;
        }
        int high = Character.digit(text.charAt(at), 16);
        int low = Character.digit(text.charAt(at + 1), 16);
        return high < 0 || low < 0 ? -1 : high * 16 + low;
    }

    private static Optional<String> withoutDots(String path) {
        if (!path.contains("//") && !path.contains("/.")) {
            return Optional.of(path);
        }
        var kept = new ArrayDeque<String>();
        var segments = path.substring(1).split("/", -1);
        boolean directory = false;
        for (var segment : segments) {
            directory = segment.isEmpty() || segment.equals(".") || segment.equals("..");
            if (segment.equals("..")) {
                if (kept.pollLast() == null) {
                    return Optional.empty();
                }
            } else if (!directory) {
                kept.addLast(segment);
            }
        }
        var joined = "/" + String.join("/", kept);
        return Optional.of(directory && joined.length() > 1 ? joined + "/" : joined);
    }

    /** Escapes what may not stand in a path; escapes that are there stay. */
    public static String escape(String path) {
        var escaped = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            boolean plain =
                    (c >= 'a' && c <= 'z')
                            || (c >= 'A' && c <= 'Z')
                            || (c >= '0' && c <= '9')
                            || KEPT.indexOf(c) >= 0;
            if (plain) {
                escaped.append(c);
            } else {
                escaped.append('%').append("%02X".formatted((int) c));
            }
        }
        return escaped.toString();
    }

    /** A text of the configuration as bytes in Latin-1 characters. */
    public static String bytes(String text) {
        return new String(text.getBytes(UTF_8), ISO_8859_1);
    }

    /**
     * The path towards the service.
     *
     * @param base the service's path, may be empty
     * @param path the request's path
     * @param prefix what of it is taken away, may be empty
     */
    public static String upstream(String base, String path, String prefix) {
        var start = base.isEmpty() ? "/" : base;
        var rest = prefix.isEmpty() ? path.substring(1) : path.substring(prefix.length());
        if (start.endsWith("/")) {
            var folder = start.substring(0, start.length() - 1);
            if (!rest.isEmpty()) {
                return rest.startsWith("/") ? folder + rest : start + rest;
            }
            return start.length() == 1 || path.endsWith("/") ? start : folder;
        }
        if (rest.isEmpty()) {
            return path.length() > 1 && path.endsWith("/") ? start + "/" : start;
        }
        return rest.startsWith("/") ? start + rest : start + "/" + rest;
    }
}
