// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.proxy;

import ai.jan.gateway.config.Service;

/**
 * What is sent to a service.
 *
 * @param target path and query
 * @param headers all of them, framing included
 * @param hostOfPeer whether the target of an upstream names itself in the Host header
 */
record UpstreamRequest(
        Service service,
        String scheme,
        String host,
        int port,
        String serverName,
        String method,
        String target,
        Headers headers,
        boolean hostOfPeer) {
    /** The request as a peer gets it. */
    UpstreamRequest to(Peer peer) {
        if (peer.name().isEmpty() || !hostOfPeer) {
            return this;
        }
        var name = peer.name().get();
        var named = headers.copy();
        named.set("Host", hostHeader(name, peer.address().getPort(), scheme));
        return new UpstreamRequest(
                service, scheme, host, port, name, method, target, named, hostOfPeer);
    }

    /** A host, with its port unless that is the usual one. */
    static String hostHeader(String host, int port, String scheme) {
        return port == (scheme.equals("https") ? 443 : 80) ? host : host + ":" + port;
    }

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
