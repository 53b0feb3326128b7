// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.proxy;

/**
 * Request line and headers as sent.
 *
 * @param path of the target, as sent, without query
 * @param query with its question mark; empty if there is none
 * @param version {@code 9} for HTTP/0.9, {@code 10} and {@code 11} for HTTP/1.0 and 1.1
 * @param authority host and port as sent, from the target or the Host header; may be empty
 */
record RequestHead(
        String method, String path, String query, int version, String authority, Headers headers) {

    /** Host without port, as sent; what nginx takes for none is {@code kong}. */
    String host() {
        if (authority.isEmpty()) {
            return "kong";
        }
        int colon = authority.lastIndexOf(':');
        return colon > authority.lastIndexOf(']') ? authority.substring(0, colon) : authority;
    }

    /** About as many bytes as it had. */
    int size() {
        int lines = method.length() + path.length() + query.length() + 12;
        for (var line : headers.lines()) {
            lines += line.name().length() + line.value().length() + 4;
        }
        return lines;
    }

    boolean keepAlive() {
        var connection = headers.first("Connection").orElse("").toLowerCase(java.util.Locale.ROOT);
        return version >= 11 ? !connection.contains("close") : connection.contains("keep-alive");
    }

    boolean expectsContinue() {
        return version >= 11
                && headers.first("Expect").filter("100-continue"::equalsIgnoreCase).isPresent();
    }
}
