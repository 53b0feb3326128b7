// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import ai.jan.kong.pdk.Bytes;
import java.util.Optional;

/**
 * A request as a client sends it. Immutable; the {@code with} methods give a changed copy.
 *
 * @param target path and query as they stand in the request line
 * @param body empty if there is none
 * @param bodyInFile whether nginx keeps the body in a file however short it is
 * @param tls whether it comes to Kong's TLS port
 * @param version 1.0, 1.1 or 2.0
 * @param ip the peer's address
 * @param port the peer's port
 * @param connectionRequests how many requests there were on its connection, with this one
 * @param bodySize bytes of the body as it was sent, with the sizes of its chunks
 */
public record SimulatedRequest(
        String method,
        String target,
        HeaderLines headers,
        Optional<Bytes> body,
        boolean bodyInFile,
        boolean tls,
        double version,
        String ip,
        int port,
        int connectionRequests,
        int bodySize) {
    public SimulatedRequest {
        headers = new HeaderLines(headers);
    }

    /** A request over HTTP/1.1 from 127.0.0.1 for the host {@code localhost}. */
    public static SimulatedRequest of(String method, String target) {
        return new SimulatedRequest(
                method,
                target,
                new HeaderLines().add("Host", "localhost"),
                Optional.empty(),
                false,
                false,
                1.1,
                "127.0.0.1",
                40_000,
                1,
                0);
    }

    public static SimulatedRequest get(String target) {
        return of("GET", target);
    }

    /** With a body of JSON. */
    public static SimulatedRequest post(String target, String json) {
        return of("POST", target)
                .withHeader("Content-Type", "application/json")
                .withBody(Bytes.utf8(json));
    }

    /** One header line more. {@code Host} is replaced. */
    public SimulatedRequest withHeader(String name, String value) {
        var lines = new HeaderLines(headers);
        if (name.equalsIgnoreCase("Host")) {
            lines.set(name, value);
        } else {
            lines.add(name, value);
        }
        return new SimulatedRequest(
                method,
                target,
                lines,
                body,
                bodyInFile,
                tls,
                version,
                ip,
                port,
                connectionRequests,
                bodySize);
    }

    /** With that body and its length as header. */
    public SimulatedRequest withBody(Bytes bytes) {
        var lines = new HeaderLines(headers);
        lines.set("Content-Length", Integer.toString(bytes.length()));
        return new SimulatedRequest(
                method,
                target,
                lines,
                Optional.of(bytes),
                bodyInFile,
                tls,
                version,
                ip,
                port,
                connectionRequests,
                bytes.length());
    }

    /** With that body in a chunk, so that its length is not known before. */
    public SimulatedRequest withChunkedBody(Bytes bytes) {
        int size = Integer.toHexString(bytes.length()).length() + bytes.length() + 4;
        return withChunkedBody(bytes, size + "0\r\n\r\n".length());
    }

    /** With that body in chunks, so that its length is not known before. */
    SimulatedRequest withChunkedBody(Bytes bytes, int size) {
        var lines = new HeaderLines(headers);
        lines.remove("Content-Length");
        lines.set("Transfer-Encoding", "chunked");
        return new SimulatedRequest(
                method,
                target,
                lines,
                Optional.of(bytes),
                bodyInFile,
                tls,
                version,
                ip,
                port,
                connectionRequests,
                size);
    }

    /**
     * After others on the same connection.
     *
     * @param number 2 for the second
     */
    public SimulatedRequest asRequest(int number) {
        return new SimulatedRequest(
                method,
                target,
                headers,
                body,
                bodyInFile,
                tls,
                version,
                ip,
                port,
                number,
                bodySize);
    }

    /** Whether the client wants to go on with another protocol. */
    boolean upgrades() {
        return headers.has("Upgrade");
    }

    /** With the body in a file, as nginx does it with long ones. */
    public SimulatedRequest withBodyInFile() {
        return new SimulatedRequest(
                method,
                target,
                headers,
                body,
                true,
                tls,
                version,
                ip,
                port,
                connectionRequests,
                bodySize);
    }

    public SimulatedRequest withTls() {
        return new SimulatedRequest(
                method,
                target,
                headers,
                body,
                bodyInFile,
                true,
                version,
                ip,
                port,
                connectionRequests,
                bodySize);
    }

    /**
     * @param number 1.0, 1.1 or 2.0
     */
    public SimulatedRequest withVersion(double number) {
        return new SimulatedRequest(
                method,
                target,
                headers,
                body,
                bodyInFile,
                tls,
                number,
                ip,
                port,
                connectionRequests,
                bodySize);
    }

    /** From another peer. */
    public SimulatedRequest from(String peerIp, int peerPort) {
        return new SimulatedRequest(
                method,
                target,
                headers,
                body,
                bodyInFile,
                tls,
                version,
                peerIp,
                peerPort,
                connectionRequests,
                bodySize);
    }

    /** The target without its query. */
    String rawPath() {
        int at = target.indexOf('?');
        return at < 0 ? target : target.substring(0, at);
    }

    /** The query without its question mark. */
    String rawQuery() {
        int at = target.indexOf('?');
        return at < 0 ? "" : target.substring(at + 1);
    }
}
