// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.proxy;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads request heads with nginx's limits and strictness. */
final class RequestReader {
    private static final int MAX_LINE = 8 * 1024;
    private static final int MAX_HEAD = 4 * MAX_LINE;
    private static final int HEAD_TIMEOUT = 60_000;
    private static final int IDLE_TIMEOUT = 75_000;
    private static final Pattern HOST =
            Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[^\\x00-\\x20/\\\\\\[\\]:\\x7f]+)(:\\d*)?");

    private final ClientInput in;
    private int size;
    private boolean first = true;

    RequestReader(ClientInput in) {
        this.in = in;
    }

    /** The next request's head; empty if the client ended the connection instead. */
    Optional<RequestHead> read() throws IOException, HttpFailure {
        int timeout = first ? HEAD_TIMEOUT : IDLE_TIMEOUT;
        first = false;
        size = 0;
        int c = in.read(timeout);
        while (c == '\r' || c == '\n') { // nginx forgives empty lines before a request
            c = in.read(timeout);
        }
        if (c < 0) {
            return Optional.empty();
        }
        var line = line(c, 414, "URI too long");
        if (line == null) {
            return Optional.empty();
        }
        return head(line);
    }

    private @Nullable String line(int start, int tooLong, String message)
            throws IOException, HttpFailure {
        var line = new StringBuilder(64);
        for (int c = start; c != '\n'; c = in.read(HEAD_TIMEOUT)) {
            if (c < 0) {
                return null;
            }
            if (c == 0) {
                throw HttpFailure.badRequest();
            }
            line.append((char) c);
            if (line.length() >= MAX_LINE) {
                throw new HttpFailure(tooLong, message);
            }
            if (++size > MAX_HEAD) {
                throw tooLarge();
            }
        }
        int length = line.length();
        if (length > 0 && line.charAt(length - 1) == '\r') {
            line.setLength(length - 1);
        }
        if (line.indexOf("\r") >= 0) { // would be a line end to some services
            throw HttpFailure.badRequest();
        }
        return line.toString();
    }

    private static HttpFailure tooLarge() {
        return new HttpFailure(400, "Request header or cookie too large");
    }

    private Optional<RequestHead> head(String line) throws IOException, HttpFailure {
        int methodEnd = line.indexOf(' ');
        if (methodEnd <= 0 || !isMethod(line.substring(0, methodEnd))) {
            throw HttpFailure.badRequest();
        }
        var rest = line.substring(methodEnd).strip();
        int targetEnd = rest.lastIndexOf(" HTTP/");
        var target = targetEnd < 0 ? rest : rest.substring(0, targetEnd).strip();
        int version = targetEnd < 0 ? 9 : version(rest.substring(targetEnd + 6));
        if (target.indexOf(' ') >= 0 || target.isEmpty()) {
            throw HttpFailure.badRequest();
        }
        var headers = new Headers();
        if (version > 9 && !readHeaders(headers)) {
            return Optional.empty();
        }
        return Optional.of(resolve(line.substring(0, methodEnd), target, version, headers));
    }

    private static boolean isMethod(String text) {
        return text.chars().allMatch(c -> (c >= 'A' && c <= 'Z') || c == '_' || c == '-');
    }

    private static int version(String text) throws HttpFailure {
        if (!text.matches("\\d\\.\\d{1,2}")) {
            throw HttpFailure.badRequest();
        }
        int major = text.charAt(0) - '0';
        if (major > 1) {
            throw new HttpFailure(505, "HTTP Version Not Supported");
        }
        return major * 10 + Integer.parseInt(text.substring(2));
    }

    private boolean readHeaders(Headers headers) throws IOException, HttpFailure {
        while (true) {
            int c = in.read(HEAD_TIMEOUT);
            var line = c < 0 ? null : line(c, 400, "Request header or cookie too large");
            if (line == null) {
                return false;
            }
            if (line.isEmpty()) {
                return true;
            }
            int colon = line.indexOf(':');
            var name = colon < 0 ? line : line.substring(0, colon);
            if (name.isEmpty() || !name.chars().allMatch(x -> x > 0x20 && x != 0x7f)) {
                throw HttpFailure.badRequest();
            }
            headers.add(name, colon < 0 ? "" : trim(line.substring(colon + 1)));
        }
    }

    private static String trim(String value) {
        int start = 0;
        int end = value.length();
        while (start < end && (value.charAt(start) == ' ' || value.charAt(start) == '\t')) {
            start++;
        }
        while (end > start && (value.charAt(end - 1) == ' ' || value.charAt(end - 1) == '\t')) {
            end--;
        }
        return value.substring(start, end);
    }

    private static RequestHead resolve(String method, String target, int version, Headers headers)
            throws HttpFailure {
        var hosts = headers.all("Host");
        if (hosts.size() > 1 || (version >= 11 && hosts.isEmpty())) {
            throw HttpFailure.badRequest();
        }
        var authority = hosts.isEmpty() ? "" : hosts.getFirst();
        if (!hosts.isEmpty() && !HOST.matcher(authority).matches()) {
            throw HttpFailure.badRequest();
        }
        var path = target;
        if (!target.startsWith("/")) {
            var lower = target.toLowerCase(Locale.ROOT);
            if (!lower.startsWith("http://") && !lower.startsWith("https://")) {
                throw HttpFailure.badRequest();
            }
            var address = target.substring(target.indexOf("//") + 2);
            int end = indexOfAny(address, "/?#");
            authority = address.substring(0, end);
            path = address.substring(end);
            path = path.startsWith("/") ? path : "/" + path;
            if (!HOST.matcher(authority).matches()) {
                throw HttpFailure.badRequest();
            }
        }
        int fragment = path.indexOf('#');
        var whole = fragment < 0 ? path : path.substring(0, fragment);
        int question = whole.indexOf('?');
        return new RequestHead(
                method,
                question < 0 ? whole : whole.substring(0, question),
                question < 0 ? "" : whole.substring(question),
                version,
                authority,
                headers);
    }

    private static int indexOfAny(String text, String characters) {
        for (int i = 0; i < text.length(); i++) {
            if (characters.indexOf(text.charAt(i)) >= 0) {
                return i;
            }
        }
        return text.length();
    }
}
