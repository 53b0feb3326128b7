// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What an operator changes in the real Keycloak takes effect, through the gateway, on tokens and
 * API keys that exist. The promise is a second; the tests wait longer, for a machine with other
 * work.
 */
@ExtendWith(SharedStack.class)
class OperatorChangesIT {
    private static final String PASSWORD = "correct horse battery staple";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static Gateway gateway;
    private static TestingKeycloak keycloak;

    private String name;
    private String id;
    private String token;
    private String key;

    @BeforeAll
    static void start(SharedStack.Running running) throws Exception {
        gateway = new Gateway(running.stack().gateway());
        keycloak = new TestingKeycloak(running.stack().described());
    }

    @BeforeEach
    void logIn() throws Exception {
        name = "operated-" + Long.toString(System.nanoTime(), 36);
        keycloak.createUser(name, PASSWORD);
        id = keycloak.user(name).path("id").asText();
        admin("POST", "/role-mappings/realm", role("pro"));
        awaitNextSecond();
        token = keycloak.accessToken(name, PASSWORD);
        var created = gateway.post("/auth/api-keys", "{\"name\":\"x\"}", bearer(token));
        assertThat(created.status()).as(created.body().toString()).isEqualTo(201);
        key = created.body().path("key").asText();
        assertThat(status(token)).isEqualTo(200);
        assertThat(status(key)).isEqualTo(200);
    }

    @Test
    void aDisabledUserIsRefusedUntilEnabledAgain() throws Exception {
        admin("PUT", "", Json.object().put("enabled", false));
        gateway.awaitChange(token, 200, 401, PATIENCE);
        gateway.awaitChange(key, 200, 401, PATIENCE);

        admin("PUT", "", Json.object().put("enabled", true));
        gateway.awaitChange(key, 401, 200, PATIENCE);
        assertThat(status(token)).as("the old token").isEqualTo(401);
        awaitNextSecond();
        assertThat(status(keycloak.accessToken(name, PASSWORD))).isEqualTo(200);
    }

    @Test
    void aDeletedUserIsRefused() throws Exception {
        admin("DELETE", "", Json.object());
        gateway.awaitChange(token, 200, 401, PATIENCE);
        gateway.awaitChange(key, 200, 401, PATIENCE);
    }

    @Test
    void aUserWhoWasLoggedOutIsRefusedButNotHisKey() throws Exception {
        admin("POST", "/logout", Json.object());
        gateway.awaitChange(token, 200, 401, PATIENCE);
        assertThat(status(key)).isEqualTo(200);
    }

    @Test
    void aRoleThatWasTakenAwayIsLostToTokensAndKeys() throws Exception {
        assertThat(me(key).path("plan").asText()).isEqualTo("pro");
        admin("DELETE", "/role-mappings/realm", role("pro"));
        gateway.awaitChange(token, 200, 401, PATIENCE);
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!me(key).path("plan").asText().equals("user")) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            Thread.sleep(50);
        }
        assertThat(roles(me(key))).contains("user").doesNotContain("pro");
    }

    /** A token of the same second is older than the change, as far as one can see. */
    private static void awaitNextSecond() throws InterruptedException {
        Thread.sleep(1100);
    }

    private static JsonNode me(String credential) throws Exception {
        return gateway.get("/auth/me", bearer(credential)).body();
    }

    private static Set<String> roles(JsonNode me) {
        return StreamSupport.stream(me.path("roles").spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.toSet());
    }

    private void admin(String method, String path, JsonNode body) throws Exception {
        var answer = keycloak.admin(method, "/users/" + id + path, body);
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
    }

    private static JsonNode role(String role) throws Exception {
        var found = keycloak.admin("GET", "/roles/" + role, Json.object());
        return Json.parse("[" + found.body() + "]");
    }

    private static int status(String credential) throws Exception {
        return gateway.get("/v1/models", bearer(credential)).status();
    }

    private static String[] bearer(String credential) {
        return new String[] {"Authorization", "Bearer " + credential};
    }
}
