// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.database.LoginRole;
import ai.jan.database.TestingDatabase;
import ai.jan.llm.TestingLlmApi.Caller;
import ai.jan.llm.retention.Retention;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is old goes by itself, and everything goes when its owner wants it. */
@Timeout(60)
class RetentionIT {
    private TestingDatabase storage;
    private TestingModelServer model;
    private TestingLlmApi api;
    private Caller alice;

    @BeforeEach
    void start() throws Exception {
        storage = TestingDatabase.migrated();
        model = new TestingModelServer();
        api = TestingLlmApi.start(storage, TestingLlmApi.backend("one", model.url()));
        alice = api.caller("alice");
    }

    @AfterEach
    void stop() {
        api.close();
        model.close();
        storage.close();
    }

    @Test
    void whatIsTooOldIsRemovedAndWhatIsInUseStays() throws Exception {
        var old = alice.post("/v1/conversations", "{}").id();
        respond(",\"conversation\":\"" + old + "\"");
        var used = alice.post("/v1/conversations", "{}").id();
        var first = respond("");
        var forgotten = respond("");
        alice.chat("hello", ",\"store\":true");
        age("31 days");
        respond(",\"conversation\":\"" + used + "\"");
        var second = respond(",\"previous_response_id\":\"" + first + "\"");

        assertThat(remove(30)).isPositive();

        assertThat(status("/v1/conversations/" + old)).isEqualTo(404);
        assertThat(status("/v1/conversations/" + used)).isEqualTo(200);
        assertThat(status("/v1/responses/" + first)).isEqualTo(200);
        assertThat(status("/v1/responses/" + second)).isEqualTo(200);
        assertThat(status("/v1/responses/" + forgotten)).isEqualTo(404);
        assertThat(alice.get("/v1/chat/completions").json().path("data")).isEmpty();
        respond(",\"previous_response_id\":\"" + second + "\"");
        assertThat(model.lastRequest().path("messages")).hasSize(5);
        assertThat(count("chat.items")).isEqualTo(8);

        age("31 days");
        remove(30);
        for (var table : new String[] {"conversations", "responses", "items", "completions"}) {
            assertThat(count("chat." + table)).as(table).isZero();
        }
        assertThat(remove(30)).isZero();
    }

    @Test
    void aConversationThatATurnIsWritingIsInUse() throws Exception {
        var id = alice.post("/v1/conversations", "{}").id();
        model.next(answering -> {
            age("31 days");
            assertThat(remove(30)).isZero();
            answering.json(200, TestingModelServer.completion("{\"content\":\"still there\"}"));
        });
        assertThat(alice.chat("hello", ",\"conversation\":\"" + id + "\"").status()).isEqualTo(200);
    }

    @Test
    void onlyOneProcessAtATimeRemoves() throws Exception {
        alice.post("/v1/conversations", "{}");
        age("31 days");
        try (var other = storage.open(LoginRole.LLM_API)) {
            other.inTransaction(handle -> {
                handle.execute("SELECT pg_advisory_xact_lock(7665529182115685744)");
                assertThat(remove(30)).isZero();
                return null;
            });
        }
        assertThat(remove(30)).isEqualTo(1);
    }

    @Test
    void everythingOfTheCallerIsErasedAndNothingOfOthers() throws Exception {
        var bob = api.caller("bob");
        for (var caller : new Caller[] {alice, bob}) {
            var project = caller.post("/v1/projects", "{\"name\":\"p\"}").id();
            var conversation =
                    caller.post("/v1/conversations", "{\"project_id\":\"" + project + "\"}").id();
            caller.chat("hello", ",\"store\":true,\"conversation\":\"" + conversation + "\"");
            caller.post(
                    "/v1/responses",
                    "{\"model\":\"" + TestingLlmApi.MODEL + "\",\"input\":\"hello\"}");
        }

        var erased = alice.delete("/v1/user/data");

        assertThat(erased.text())
                .isEqualTo(
                        "{\"object\":\"user.data.deleted\",\"deleted\":true,\"conversations\":1,\"chat_completions\":1,\"responses\":1,\"projects\":1,\"items\":4}");
        for (var table :
                new String[] {"conversations", "responses", "items", "completions", "projects"}) {
            assertThat(count("chat." + table + " WHERE owner = 'alice'")).as(table).isZero();
            assertThat(count("chat." + table + " WHERE owner = 'bob'")).as(table).isPositive();
        }
        assertThat(alice.delete("/v1/user/data").json().path("items").asInt(-1)).isZero();
    }

    private String respond(String more) throws Exception {
        var reply =
                alice.post(
                        "/v1/responses",
                        "{\"model\":\""
                                + TestingLlmApi.MODEL
                                + "\",\"input\":\"hello\""
                                + more
                                + "}");
        assertThat(reply.status()).isEqualTo(200);
        return reply.id();
    }

    private int status(String path) throws Exception {
        return alice.get(path).status();
    }

    private int remove(int days) throws InterruptedException {
        try (var database = storage.open(LoginRole.LLM_API)) {
            return Retention.removeOnce(database, days);
        }
    }

    /** Lets everything have been made so long ago. */
    private void age(String interval) {
        for (var table : new String[] {"conversations", "responses", "items", "completions"}) {
            storage.execute(
                    "UPDATE chat.%s SET created_at = created_at - interval '%s'"
                            .formatted(table, interval));
        }
        storage.execute(
                "UPDATE chat.conversations SET used_at = used_at - interval '" + interval + "'");
    }

    private int count(String rows) {
        try (var database = storage.open(LoginRole.LLM_API)) {
            return database.with(handle ->
                    handle.createQuery("SELECT count(*) FROM " + rows).mapTo(int.class).one());
        }
    }
}
