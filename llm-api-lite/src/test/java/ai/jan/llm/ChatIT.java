// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.database.TestingDatabase;
import ai.jan.llm.TestingLlmApi.Caller;
import java.net.URI;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Chats without a conversation. */
@Timeout(60)
class ChatIT {
    @AutoClose private static final TestingDatabase storage = TestingDatabase.migrated();
    @AutoClose private final TestingService service = TestingService.on(storage);
    private final TestingModelServer model = service.model();
    private final Caller alice = service.alice();

    @Test
    void listsTheModels() throws Exception {
        assertThat(alice.get("/v1/models").text())
                .isEqualTo(
                        "{\"object\":\"list\",\"data\":[{\"id\":\"some/model\",\"object\":\"model\","
                                + "\"created\":1000,\"owned_by\":\"one\"}]}");
        assertThat(alice.get("/v1/models/some/model").id()).isEqualTo("some/model");
        assertThat(alice.get("/v1/models/some%2Fmodel").id()).isEqualTo("some/model");
        var unknown = alice.get("/v1/models/other");
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.error().path("code").asText()).isEqualTo("model_not_found");
    }

    @Test
    void saysHowTheServiceIs() throws Exception {
        assertThat(alice.get("/v1/healthz").text()).isEqualTo("{\"status\":\"ok\"}");
        assertThat(alice.get("/v1/readyz").json().path("status").asText()).isEqualTo("ready");
        var version = alice.get("/v1/version").json();
        assertThat(version.path("version").asText()).isNotEmpty();
        assertThat(Instant.parse(version.path("env_reloaded_at").asText()))
                .isBeforeOrEqualTo(Instant.now());
    }

    @Test
    void answersUnderTheNameThatWasAskedFor() throws Exception {
        var reply = alice.chat("hello", "");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().path("model").asText()).isEqualTo("some/model");
        assertThat(reply.json().at("/choices/0/message/content").asText()).isEqualTo("Good day");
        assertThat(reply.json().has("conversation")).isFalse();
        assertThat(model.lastRequest().path("model").asText()).isEqualTo("upstream");
    }

    @Test
    void passesUnknownMembersOnAndItsOwnNot() throws Exception {
        alice.chat(
                "hello", ",\"top_k\":1.50,\"store\":true,\"guided\":{\"a\":[1e2]},\"user\":\"u\"");
        var sent = model.lastRequest();
        assertThat(sent.path("guided").toString()).isEqualTo("{\"a\":[100.0]}");
        assertThat(sent.path("top_k").asDouble()).isEqualTo(1.5);
        assertThat(sent.has("store")).isFalse();
    }

    @Test
    void tellsTheModelServerNothingAboutTheCaller() throws Exception {
        alice.chat("hello", "");
        assertThat(model.lastHeaders()).doesNotContainKeys("X-jan-identity", "Authorization");
        assertThat(model.lastHeaders().getFirst("X-Request-Id")).isEqualTo("req-of-alice");
    }

    @Test
    void aStreamThatHasEndedLeavesItsConnectionToTheNextRequest() throws Exception {
        for (int i = 0; i < 3; i++) {
            model.next(answering -> {
                answering.stream().content("Hello").done();
                Thread.sleep(30); // until then the answer is not complete for HTTP
            });
            assertThat(alice.chat("hello", ",\"stream\":true").text()).contains("[DONE]");
            Thread.sleep(200);
        }
        assertThat(model.connections()).hasSize(3);
        assertThat(Set.copyOf(model.connections())).hasSize(1);
    }

    @Test
    void streamsEventByEvent() throws Exception {
        model.next(answering ->
                answering.stream()
                        .raw(": ping\n\n")
                        .content("a")
                        .content("b")
                        .raw("id: 7\n\n")
                        .done());
        var reply = alice.chat("hello", ",\"stream\":true");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.http().headers().firstValue("Content-Type"))
                .contains("text/event-stream; charset=utf-8");
        var named = TestingModelServer.chunk("%s", "%s").replace("upstream", "some/model");
        assertThat(reply.text())
                .isEqualTo(
                        ": ping\n\ndata: "
                                + named.formatted("{\"content\":\"a\"}", "null")
                                + "\n\ndata: "
                                + named.formatted("{\"content\":\"b\"}", "null")
                                + "\n\ndata: "
                                + named.formatted("{}", "\"stop\"")
                                + "\n\ndata: [DONE]\n\n");
    }

    @Test
    void passesOnlySomeHeadersOfTheModelServer() throws Exception {
        model.next(answering -> {
            answering.header("X-Accel-Redirect", "/etc/passwd");
            answering.header("X-User-ID", "root");
            answering.header("openai-processing-ms", "12");
            answering.json(
                    200,
                    TestingModelServer.completion("{\"role\":\"assistant\",\"content\":\"x\"}"));
        });
        var headers = alice.chat("hello", "").http().headers();
        assertThat(headers.map()).doesNotContainKeys("x-accel-redirect", "x-user-id");
        assertThat(headers.firstValue("openai-processing-ms")).contains("12");
    }

    @Test
    void anUnknownModelIsNotFound() throws Exception {
        var reply =
                alice.post(
                        "/v1/chat/completions",
                        "{\"model\":\"nope\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}");
        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.error().path("code").asText()).isEqualTo("model_not_found");
        assertThat(reply.error().path("message").asText()).contains("does not exist");
        assertThat(model.requests()).isEmpty();
    }

    @Test
    void startsAndSaysSoWithoutAModelServer() throws Exception {
        try (var lonely =
                TestingLlmApi.start(
                        storage,
                        TestingLlmApi.backend("none", URI.create("http://127.0.0.1:9/v1")))) {
            var caller = lonely.caller("alice");
            assertThat(caller.get("/healthz").status()).isEqualTo(200);
            var ready = caller.get("/readyz");
            assertThat(ready.status()).isEqualTo(503);
            assertThat(ready.text())
                    .isEqualTo(
                            "{\"status\":\"not_ready\",\"database\":true,"
                                    + "\"backends\":{\"configured\":1,\"available\":0}}");
            for (var stream : new String[] {"", ",\"stream\":true"}) {
                var reply = caller.chat("hello", stream);
                assertThat(reply.status()).isEqualTo(503);
                assertThat(reply.error().path("type").asText()).isEqualTo("server_error");
            }
        }
        assertThat(alice.get("/readyz").status()).isEqualTo(200);
    }
}
