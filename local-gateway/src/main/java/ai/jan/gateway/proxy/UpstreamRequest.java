// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.proxy;

import ai.jan.gateway.config.Service;

/**
 * What is sent to a service.
 *
 * @param target path and query
 * @param headers all of them, framing included
 */
record UpstreamRequest(
        Service service,
        String scheme,
        String host,
        int port,
        String serverName,
        String method,
        String target,
        Headers headers) {

    /** Whether it may be sent again after the service may have seen it. */
    boolean repeatable() {
        return switch (method) {
            case "POST", "PATCH", "LOCK" -> false;
            default -> true;
        };
    }

    byte[] head() {
        var head = new StringBuilder(512);
        head.append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
        headers.writeTo(head);
        return head.append("\r\n")
                .toString()
                .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    }
}
