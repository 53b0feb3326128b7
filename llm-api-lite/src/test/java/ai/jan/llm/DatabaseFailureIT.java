// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.database.DatabaseSettings;
import ai.jan.database.LoginRole;
import ai.jan.database.TestingDatabase;
import ai.jan.database.TestingLink;
import ai.jan.llm.TestingLlmApi.Caller;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What depends on the database answers 503 in bounded time; what does not goes on. */
@Timeout(120)
class DatabaseFailureIT {
    private TestingDatabase storage;
    private TestingLink link;
    private TestingModelServer model;
    private TestingLlmApi api;
    private Caller alice;

    @BeforeEach
    void start() throws IOException {
        storage = TestingDatabase.migrated();
        link = TestingLink.to(storage.port());
        model = new TestingModelServer();
        var direct = storage.settings(LoginRole.LLM_API);
        var linked =
                new DatabaseSettings(
                        direct.url().replace(":" + storage.port() + "/", ":" + link.port() + "/"),
                        direct.user(),
                        direct.password());
        api = TestingLlmApi.start(linked, TestingLlmApi.backend("one", model.url()));
        alice = api.caller("alice");
    }

    @AfterEach
    void stop() throws IOException {
        api.close();
        model.close();
        link.close();
        storage.close();
    }

    @Test
    void storageThatIsDownAnswers503AndRecovers() throws Exception {
        assertThat(alice.post("/v1/conversations", "{}").status()).isEqualTo(200);
        link.cut();
        assertStorageIsAway();
        link.repair();
        assertThat(alice.post("/v1/conversations", "{}").status()).isEqualTo(200);
    }

    @Test
    void storageThatHangsAnswers503AndRecovers() throws Exception {
        assertThat(alice.post("/v1/conversations", "{}").status()).isEqualTo(200);
        link.freeze();
        assertStorageIsAway();
        link.cut();
        link.repair();
        assertThat(alice.post("/v1/conversations", "{}").status()).isEqualTo(200);
    }

    @Test
    void anAnswerThatCannotBeKeptIsAnErrorAndNotSilentlyLost() throws Exception {
        var id = alice.post("/v1/conversations", "{}").id();
        model.next(answering -> {
            answering.stream().content("a");
            link.cut();
            answering.done();
        });
        var reply = alice.chat("hello", ",\"stream\":true,\"conversation\":\"" + id + "\"");
        assertThat(reply.text()).contains("\"error\":").doesNotContain("[DONE]");
        link.repair();
        assertThat(alice.get("/v1/conversations/" + id + "/items").json().path("data")).isEmpty();
    }

    private void assertStorageIsAway() throws Exception {
        var start = Instant.now();
        var reply = alice.post("/v1/conversations", "{}");
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.error().path("type").asText()).isEqualTo("server_error");
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(10));
        assertThat(alice.chat("hello", "").status()).isEqualTo(200);
        assertThat(alice.get("/v1/models").status()).isEqualTo(200);
        var ready = alice.get("/readyz");
        assertThat(ready.status()).isEqualTo(503);
        assertThat(ready.json().path("database").asBoolean()).isFalse();
        assertThat(alice.get("/healthz").status()).isEqualTo(200);
    }
}
