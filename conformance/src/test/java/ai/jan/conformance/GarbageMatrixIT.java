// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.database.TestingLink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Something else answers, with garbage, where a node had a server that it works with: nobody gets
 * in without proof, whoever is known keeps what the architecture promises, and every answer is
 * clear and in time. Completes {@link FailureMatrixIT}.
 */
@DisplayName("T4 fall-through on auth error")
@ExtendWith(SharedStack.class)
@SuppressWarnings("try") // a link is closed before its end, to give its port away
class GarbageMatrixIT {
    private static final String PASSWORD = "correct horse battery staple";
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final String CHAT =
            "{\"model\":\"testing-model\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";

    private static TestingStack stack;
    private static TestingModel model;
    private static String key;
    private static String token;

    @BeforeAll
    static void start(SharedStack.Running running) throws Exception {
        stack = running.stack();
        model = running.model();
        key = stack.apiKey();
        var keycloak = new TestingKeycloak(stack.described());
        var name = "gil-" + Long.toString(System.nanoTime(), 36);
        keycloak.createUser(name, PASSWORD);
        token = keycloak.accessToken(name, PASSWORD);
    }

    @Test
    void whileKeycloakAnswersGarbageWhoIsKnownStaysAndNobodyLogsIn() throws Exception {
        try (var link = TestingLink.to(SecondNode.keycloakPort(stack));
                var node =
                        SecondNode.start(
                                stack,
                                "garbage-keycloak",
                                SecondNode.databasePort(stack),
                                link.port())) {
            var gateway = node.gateway();
            gateway.awaitChange(token, 503, 200, PATIENCE);
            link.close();
            try (var garbage = GarbageServer.at(link.port(), GarbageServer.random())) {
                assertThat(chat(gateway, key)).isEqualTo(200);
                assertThat(chat(gateway, token)).isEqualTo(200);
                assertThat(post(gateway, "/auth/guest-login", "{}")).isEqualTo(503);
                var refresh = "{\"refresh_token\":\"a.b.c\"}";
                assertThat(post(gateway, "/auth/refresh-token", refresh)).isEqualTo(503);
                assertThat(chat(gateway, unknownKey())).isEqualTo(401);
                assertThat(post(gateway, "/v1/chat/completions", CHAT)).isEqualTo(401);
                gateway.awaitChange(ofUnknownSigner(), 401, 503, PATIENCE);
                assertThat(chat(gateway, ofUnknownSigner())).isEqualTo(503);
                assertThat(garbage.answers()).isGreaterThan(2);
            }
        }
    }

    @Test
    void whilePostgresAnswersGarbageWhoIsKnownStaysAndAnUnknownKeyCannotBeChecked()
            throws Exception {
        try (var link = TestingLink.to(SecondNode.databasePort(stack));
                var node =
                        SecondNode.start(
                                stack,
                                "garbage-postgres",
                                link.port(),
                                SecondNode.keycloakPort(stack))) {
            var gateway = node.gateway();
            gateway.awaitChange(token, 503, 200, PATIENCE);
            link.close();
            try (var garbage = GarbageServer.at(link.port(), GarbageServer.random())) {
                assertThat(chat(gateway, key)).as("its plan allows it").isEqualTo(200);
                assertThat(chat(gateway, token)).as("its plan allows it").isEqualTo(200);
                assertThat(chat(gateway, unknownKey())).isEqualTo(503);
                assertThat(post(gateway, "/auth/api-keys", "{\"name\":\"x\"}", bearer(token)))
                        .isEqualTo(503);
                assertThat(chat(gateway, ofUnknownSigner())).isEqualTo(401);
                assertThat(post(gateway, "/v1/chat/completions", CHAT)).isEqualTo(401);
                assertThat(garbage.answers()).isGreaterThan(2);
            }
        }
    }

    @Test
    void whileThePluginServerAnswersGarbageNobodyGetsIn() throws Exception {
        var folder = Files.createTempDirectory(Path.of("/tmp"), "jan"); // a socket's path is short
        var socket = folder.resolve("s");
        var declaration = Files.readString(stack.home().resolve("kong.yml"));
        try (var other =
                SecondGateway.start(
                        stack,
                        "garbage-plugins",
                        declaration,
                        socket,
                        SecondNode.keycloakPort(stack))) {
            var gateway = new Gateway(other.url());
            int asked = model.asked();
            try (var garbage = GarbageServer.at(socket, GarbageServer.random())) {
                for (var credential : List.of(key, token, unknownKey())) {
                    assertThat(chat(gateway, credential)).isIn(500, 503);
                }
                assertThat(post(gateway, "/v1/chat/completions", CHAT)).isIn(500, 503);
                assertThat(post(gateway, "/auth/guest-login", "{}")).isIn(500, 503);
                assertThat(garbage.answers()).isGreaterThan(4);
            }
            try (var garbage = GarbageServer.at(socket, aFrameOfGarbage())) {
                assertThat(chat(gateway, key)).isIn(500, 503);
                assertThat(garbage.answers()).isPositive();
            }
            assertThat(model.asked()).isEqualTo(asked);
        } finally {
            Files.deleteIfExists(socket);
            Files.delete(folder);
        }
    }

    private static int chat(Gateway gateway, String credential) throws Exception {
        return post(gateway, "/v1/chat/completions", CHAT, bearer(credential));
    }

    private static int post(Gateway gateway, String path, String body, String... headers)
            throws Exception {
        return gateway.post(path, body, headers).checkedStatus();
    }

    private static String[] bearer(String credential) {
        return new String[] {"Authorization", "Bearer " + credential};
    }

    /** A token as good as any, if only its signer were known. */
    private static String ofUnknownSigner() throws IOException {
        return Jwt.withKeyId(token, "of-nobody");
    }

    /** A well-formed key nobody ever saw, so that no cache knows it. */
    private static String unknownKey() {
        return "sk_live_" + "%048x".formatted(System.nanoTime());
    }

    /** As long as it says, and nothing that Kong's protocol knows. */
    private static byte[] aFrameOfGarbage() {
        var bytes = GarbageServer.random();
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(bytes.length - 4);
        return bytes;
    }
}
