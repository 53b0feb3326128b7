// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.streams;

import ai.jan.bench.streams.SlowModel.Phase;
import ai.jan.kit.identity.Identity;
import ai.jan.kit.identity.IdentityKey;
import ai.jan.kit.identity.IdentitySigner;
import ai.jan.kit.json.Json;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;

/**
 * Where requests are sent: to the model itself, or to llm-api-lite in front of it.
 *
 * @param signer of the identity that llm-api-lite wants to see
 */
record Target(URI url, Optional<IdentitySigner> signer) {
    static Target model(URI url) {
        return new Target(url, Optional.empty());
    }

    static Target service(URI url, String key) {
        return new Target(
                url,
                Optional.of(
                        new IdentitySigner(
                                "llm-api-lite", IdentityKey.of(key), Clock.systemUTC())));
    }

    /** A connection of its own. */
    Socket connect() throws IOException {
        var socket = new Socket(url.getHost(), url.getPort());
        socket.setTcpNoDelay(true);
        return socket;
    }

    /** The bytes of a request for a chat. */
    byte[] chat(String user, boolean stream, int tokens, int pauseMillis, Phase silent) {
        var body =
                Json.object()
                        .put("model", SlowModel.NAME)
                        .put("stream", stream)
                        .put("user", user)
                        .put("tokens", tokens)
                        .put("pause_ms", pauseMillis)
                        .put("silent", silent.name());
        body.putArray("messages").addObject().put("role", "user").put("content", "Say something.");
        var json = Json.text(body);
        var identity =
                signer.map(known -> Identity.HEADER + ": " + known.sign(identity(user)) + "\r\n")
                        .orElse("");
        return ("POST /v1/chat/completions HTTP/1.1\r\nHost: bench\r\nContent-Length: "
                        + json.length()
                        + "\r\n"
                        + identity
                        + "\r\n"
                        + json)
                .getBytes(StandardCharsets.UTF_8);
    }

    private static Identity identity(String user) {
        return new Identity(
                "bench",
                Identity.Method.API_KEY,
                Set.of("user"),
                Set.of(),
                "pro",
                null,
                null,
                user);
    }
}
