// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Any one process out of order: a clear error in bounded time, never access without a credential,
 * and everything works again when the process does. The cells of the matrix:
 *
 * <pre>
 *               dead               frozen               answers garbage
 * Keycloak      comesBack (1)      answersInTime (2)    {@link GarbageMatrixIT} (3)
 * PostgreSQL    comesBack          answersInTime        {@link GarbageMatrixIT}
 * plugin server comesBack          answersInTime        {@link GarbageMatrixIT}
 * llm-api-lite  comesBack          answersInTime
 * model         comesBack          answersInTime        llm-api-lite: ModelServerFailureIT
 * gateway       comesBack          endsAFrozenGateway
 *
 * (1) {@link #comesBackAfterAKill}
 * (2) {@link #answersInBoundedTimeWhileAProcessIsFrozen}
 * (3) as HTTP without sense: kong-plugins: BrokenKeycloakIT, auth.token.HttpFetchKeysIT
 * </pre>
 */
@DisplayName("T4 fall-through on auth error")
class FailureMatrixIT {
    private static final String CHAT =
            "{\"model\":\"%s\",\"max_tokens\":5,\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";

    private static TestingStack stack;
    private static Gateway gateway;
    private static String credential;
    private static String model;

    @BeforeAll
    static void start() throws Exception {
        stack = TestingStack.start("failures", Map.of("JAN_MODEL", "scripted"));
        gateway = new Gateway(stack.gateway());
        credential = "Bearer " + stack.apiKey();
        var models = gateway.get("/v1/models", "Authorization", credential);
        assertThat(models.status()).as(models.body().toString()).isEqualTo(200);
        model = models.body().path("data").path(0).path("id").asText();
    }

    @AfterAll
    static void stop() {
        if (stack != null) {
            stack.close();
        }
    }

    @AfterEach
    void everythingWorksAgain() throws Exception {
        awaitStatus(200, () -> chat().status());
        awaitStatus(200, () -> newConversation().status());
        awaitStatus(401, () -> models().status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"kong-plugins", "llm-api-lite", "model", "postgres", "gateway", "keycloak"})
    void comesBackAfterAKill(String name) throws Exception {
        var victim = stack.part(name);
        kill("-KILL", victim.pid());

        if (!name.equals("gateway")) {
            assertThat(gateway.get("/v1/models").status())
                    .as("without a credential")
                    .isIn(401, 500, 503);
            assertThat(chat().status()).isIn(200, 500, 502, 503, 504);
        }
        stack.awaitReplacementOf(name, victim.pid());
    }

    @ParameterizedTest
    @CsvSource({
        // frozen process, a chat with the known key, storage, an unknown key
        "kong-plugins,  500|503,     500|503,     500|503",
        "llm-api-lite,  502|503|504, 200|502|503|504, 401",
        "model,         502|503|504, 200,         401",
        "postgres,      200|503,     503,         503",
        "keycloak,      200,         200,         401",
    })
    void answersInBoundedTimeWhileAProcessIsFrozen(
            String name, String chat, String storage, String unknown) throws Exception {
        assertThat(chat().status()).as("the key is known before").isEqualTo(200);
        var victim = stack.part(name);
        var frozen = Stream.concat(Stream.of(victim), victim.descendants()).toList();
        for (var process : frozen) {
            kill("-STOP", process.pid());
        }
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            // At once, because each may have to wait for a deadline.
            var chatting = clients.submit(FailureMatrixIT::chat);
            var storing = clients.submit(FailureMatrixIT::newConversation);
            var stranger = clients.submit(FailureMatrixIT::models);
            var nobody = clients.submit(() -> gateway.get("/v1/models"));
            assertThat(status(chatting)).as("chat").matches(chat);
            assertThat(status(storing)).as("storage").matches(storage);
            assertThat(status(stranger)).as("unknown key").matches(unknown);
            assertThat(status(nobody))
                    .as("no credential")
                    .matches(name.equals("kong-plugins") ? "500|503" : "401");
        } finally {
            for (var process : frozen) {
                if (process.isAlive()) { // one whose clients would wait for good was replaced
                    kill("-CONT", process.pid());
                }
            }
        }
    }

    @Test
    void endsAFrozenGatewaySoThatItsClientsDoNotWait() throws Exception {
        var victim = stack.part("gateway");
        kill("-STOP", victim.pid());

        assertThatThrownBy(FailureMatrixIT::chat)
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(HttpTimeoutException.class);
        stack.awaitReplacementOf("gateway", victim.pid());
    }

    private static String status(Future<Gateway.Reply> reply) throws Exception {
        return String.valueOf(reply.get(60, TimeUnit.SECONDS).checkedStatus());
    }

    private static Gateway.Reply newConversation() throws IOException, InterruptedException {
        return gateway.post("/v1/conversations", "{}", "Authorization", credential);
    }

    /** As somebody with a key that nobody knows. */
    private static Gateway.Reply models() throws IOException, InterruptedException {
        return gateway.get("/v1/models", "Authorization", "Bearer " + unknownKey());
    }

    private static Gateway.Reply chat() throws IOException, InterruptedException {
        return gateway.post(
                "/v1/chat/completions", CHAT.formatted(model), "Authorization", credential);
    }

    /** A well-formed key nobody ever saw, so that no cache knows it. */
    private static String unknownKey() {
        return "sk_live_" + "%048x".formatted(System.nanoTime());
    }

    private static void kill(String signal, long pid) throws IOException, InterruptedException {
        var process = new ProcessBuilder("kill", signal, String.valueOf(pid)).inheritIO().start();
        assertThat(process.waitFor(5, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    private interface Attempt {
        int status() throws IOException, InterruptedException;
    }

    private static void awaitStatus(int expected, Attempt attempt) throws InterruptedException {
        var deadline = Instant.now().plus(Duration.ofSeconds(90));
        int last = 0;
        while (Instant.now().isBefore(deadline)) {
            try {
                last = attempt.status();
                if (last == expected) {
                    return;
                }
            } catch (IOException e) {
                last = -1; // the gateway itself is not back yet
            }
            Thread.sleep(250);
        }
        assertThat(last).isEqualTo(expected);
    }
}
