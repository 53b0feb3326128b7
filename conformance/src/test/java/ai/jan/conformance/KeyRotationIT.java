// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An operator replaces the key with which the real Keycloak signs tokens; nothing is restarted. */
@ExtendWith(SharedStack.class)
class KeyRotationIT {
    private static final String PASSWORD = "correct horse battery staple";

    /** Keys are fetched every two seconds at most; and the machine may have other work. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Test
    void tokensOfTheNewKeyAreAcceptedAndThoseOfTheOldOneUntilItIsRemoved(
            SharedStack.Running running) throws Exception {
        var stack = running.stack();
        var gateway = new Gateway(stack.gateway());
        var keycloak = new TestingKeycloak(stack.described());
        var name = "rita-" + Long.toString(System.nanoTime(), 36);
        keycloak.createUser(name, PASSWORD);
        var processes = stack.processes();
        var old = signingKey(keycloak);
        var before = keycloak.accessToken(name, PASSWORD);
        assertThat(Jwt.keyId(before)).isEqualTo(old.path("kid").asText());
        assertThat(status(gateway, before)).isEqualTo(200);

        add(keycloak, old.path("providerPriority").asInt() + 1);
        var after = keycloak.accessToken(name, PASSWORD);
        assertThat(Jwt.keyId(after)).isNotEqualTo(Jwt.keyId(before));
        gateway.awaitChange(after, 401, 200, PATIENCE);
        assertThat(status(gateway, before)).isEqualTo(200);

        remove(keycloak, old.path("providerId").asText());
        awaitRefusal(gateway, before, Jwt.withKeyId(after, "of-nobody"));
        assertThat(status(gateway, after)).isEqualTo(200);
        assertThat(stack.processes()).isEqualTo(processes);
    }

    /** Keys are fetched every five minutes of use; a token that names an unknown one hastens it. */
    private static void awaitRefusal(Gateway gateway, String token, String unknown)
            throws Exception {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (status(gateway, token) != 401) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            assertThat(status(gateway, unknown)).isEqualTo(401);
            Thread.sleep(50);
        }
    }

    private static int status(Gateway gateway, String token) throws Exception {
        return gateway.get("/v1/models", "Authorization", "Bearer " + token).checkedStatus();
    }

    /** What Keycloak tells its administrator of the key that signs now. */
    private static JsonNode signingKey(TestingKeycloak keycloak) throws Exception {
        var keys = Json.parse(keycloak.admin("GET", "/keys", Json.object()).body());
        var active = keys.path("active").path("RS256").asText();
        for (var key : keys.path("keys")) {
            if (key.path("kid").asText().equals(active)) {
                return key;
            }
        }
        throw new IllegalStateException("no key signs: " + keys);
    }

    private static void add(TestingKeycloak keycloak, int priority) throws Exception {
        var component =
                Json.object()
                        .put("name", "rsa-of-priority-" + priority)
                        .put("providerId", "rsa-generated")
                        .put("providerType", "org.keycloak.keys.KeyProvider");
        var config = component.putObject("config");
        Map.of("priority", String.valueOf(priority), "algorithm", "RS256", "keySize", "2048")
                .forEach((field, value) -> config.putArray(field).add(value));
        var answer = keycloak.admin("POST", "/components", component);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    private static void remove(TestingKeycloak keycloak, String provider) throws Exception {
        var answer = keycloak.admin("DELETE", "/components/" + provider, Json.object());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
    }
}
