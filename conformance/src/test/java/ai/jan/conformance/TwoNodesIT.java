// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Two plugin servers, two processes, one database: both know an API key and remember it, and
 * whichever is told to revoke it, the other refuses it. The promise is a second; the test waits
 * longer, for a machine with other work, but far less than the minute for which a key is
 * remembered.
 */
@ExtendWith(SharedStack.class)
class TwoNodesIT {
    private static final String PASSWORD = "correct horse battery staple";
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static SecondNode node;
    private static Gateway one;
    private static Gateway other;
    private static String[] token;

    @BeforeAll
    static void start(SharedStack.Running running) throws Exception {
        var stack = running.stack();
        node = SecondNode.start(stack, "second-node");
        one = new Gateway(stack.gateway());
        other = node.gateway();
        var keycloak = new TestingKeycloak(stack.described());
        var name = "tom-" + Long.toString(System.nanoTime(), 36);
        keycloak.createUser(name, PASSWORD);
        token = new String[] {"Authorization", "Bearer " + keycloak.accessToken(name, PASSWORD)};
    }

    @AfterAll
    static void stop() throws Exception {
        if (node != null) {
            node.close();
        }
    }

    @Test
    void aKeyRevokedOnTheFirstIsRefusedOnTheSecond() throws Exception {
        revokedKeyIsRefused(one, other);
    }

    @Test
    void aKeyRevokedOnTheSecondIsRefusedOnTheFirst() throws Exception {
        revokedKeyIsRefused(other, one);
    }

    private static void revokedKeyIsRefused(Gateway here, Gateway there) throws Exception {
        var created = here.post("/auth/api-keys", "{\"name\":\"x\"}", token);
        assertThat(created.status()).as(created.body().toString()).isEqualTo(201);
        var key = created.body().path("key").asText();
        for (var gateway : new Gateway[] {here, there, here, there}) {
            assertThat(gateway.get("/v1/models", "Authorization", "Bearer " + key).status())
                    .isEqualTo(200);
        }

        var id = created.body().path("id").asText();
        assertThat(here.delete("/auth/api-keys/" + id, token).status()).isEqualTo(204);

        there.awaitChange(key, 200, 401, PATIENCE);
        here.awaitChange(key, 200, 401, PATIENCE);
    }
}
