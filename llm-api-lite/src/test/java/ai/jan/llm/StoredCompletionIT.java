// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kit.json.Json;
import ai.jan.llm.TestingLlmApi.Caller;
import ai.jan.llm.TestingLlmApi.Reply;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Chat completions that are kept (contract 3.1). */
@Timeout(60)
class StoredCompletionIT {
    private static final String STORE = ",\"store\":true";
    private static final String PATH = "/v1/chat/completions";

    @AutoClose private static final TestingService service = TestingService.start();
    private static final TestingModelServer model = service.model();
    private static final Caller alice = service.alice();

    @Test
    void livesUntilItIsDeleted() throws Exception {
        var answer = alice.chat("hello", STORE + ",\"metadata\":{\"a\":\"b\"}");
        assertThat(answer.id()).matches("chatcmpl-[0-9a-z]{16,}");
        var path = PATH + "/" + answer.id();
        var stored = alice.get(path).json();
        assertThat(without(stored, "metadata")).isEqualTo(answer.json());
        assertThat(stored.path("metadata").toString()).isEqualTo("{\"a\":\"b\"}");
        assertThat(stored.path("model").asText()).isEqualTo(TestingLlmApi.MODEL);

        var updated = alice.post(path, "{\"metadata\":{\"c\":\"d\"}}");
        assertThat(updated.json().path("metadata").toString()).isEqualTo("{\"c\":\"d\"}");
        assertThat(alice.get(path).json()).isEqualTo(updated.json());
        assertThat(alice.post(path, "{}").error().path("code").asText())
                .isEqualTo("missing_required_parameter");
        assertThat(alice.post(path, "{\"metadata\":null}").json().path("metadata").toString())
                .isEqualTo("{}");

        assertThat(alice.delete(path).text())
                .isEqualTo(
                        "{\"object\":\"chat.completion.deleted\",\"id\":\"%s\",\"deleted\":true}"
                                .formatted(answer.id()));
        for (var reply :
                List.of(
                        alice.get(path),
                        alice.delete(path),
                        alice.post(path, "{\"metadata\":{}}"),
                        alice.get(path + "/messages"))) {
            assertThat(reply.status()).isEqualTo(404);
        }
    }

    @Test
    void isNotKeptUnlessAskedFor() throws Exception {
        var bob = service.api().caller("bob");
        bob.chat("one", "");
        bob.chat("two", ",\"store\":false");
        bob.chat("three", ",\"conversation\":\"\"");
        model.next(answering -> answering.json(400, "{\"error\":{\"message\":\"no\"}}"));
        bob.chat("four", STORE);
        model.next(answering -> {
            answering.stream().content("half an");
            answering.cut();
        });
        bob.chat("five", STORE + ",\"stream\":true");
        assertThat(bob.get(PATH).text())
                .isEqualTo(
                        "{\"object\":\"list\",\"data\":[],\"first_id\":null,\"last_id\":null,\"has_more\":false}");
    }

    @Test
    void aStreamIsKeptAsTheAnswerItWouldHaveBeen() throws Exception {
        model.next(answering ->
                answering.stream()
                        .delta("{\"role\":\"assistant\",\"content\":\"\"}")
                        .content("so")
                        .content(" it is")
                        .delta(
                                "{\"tool_calls\":[{\"index\":0,\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}")
                        .raw(
                                "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"upstream\",\"choices\":[{\"index\":1,\"delta\":{\"content\":\"or not\"},\"finish_reason\":\"length\"}]}\n\n")
                        .done());
        var stream = alice.chat("hello", STORE + ",\"stream\":true,\"n\":2").text();
        var ids = new ArrayList<String>();
        for (var line : stream.lines().filter(text -> text.startsWith("data: {")).toList()) {
            ids.add(Json.parse(line.substring(6)).path("id").asText());
        }
        assertThat(ids).hasSize(6);
        assertThat(ids.stream().distinct()).hasSize(1);

        var stored = alice.get(PATH + "/" + ids.getFirst()).json();
        assertThat(without(stored, "id"))
                .isEqualTo(
                        Json.parse(
                                """
                                {"object":"chat.completion","created":1,"model":"%s","choices":[
                                  {"index":0,"message":{"role":"assistant","content":"so it is","refusal":null,"tool_calls":[
                                    {"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}]},
                                   "logprobs":null,"finish_reason":"stop"},
                                  {"index":1,"message":{"role":"assistant","content":"or not","refusal":null},
                                   "logprobs":null,"finish_reason":"length"}],
                                 "metadata":{}}
                                """
                                        .formatted(TestingLlmApi.MODEL)));
    }

    @Test
    void pagesAndChoosesByMetadata() throws Exception {
        var carol = service.api().caller("carol");
        var ids = new ArrayList<String>();
        for (int i = 0; i < 5; i++) {
            ids.add(
                    carol.chat(
                                    "hello",
                                    STORE
                                            + ",\"metadata\":{\"n\":\"%d\",\"odd\":\"%s\",\"nul\":\"\\u0000\"}"
                                                    .formatted(i, i % 2 == 1))
                            .id());
        }
        assertThat(read(carol, "limit=2")).isEqualTo(ids);
        assertThat(read(carol, "limit=2&order=desc")).isEqualTo(ids.reversed());
        assertThat(read(carol, "metadata%5Bodd%5D=true&limit=1"))
                .containsExactly(ids.get(1), ids.get(3));
        assertThat(read(carol, "metadata[odd]=true&metadata[n]=3")).containsExactly(ids.get(3));
        assertThat(read(carol, "metadata[nul]=%00")).isEqualTo(ids);
        assertThat(read(carol, "metadata[odd]=maybe")).isEmpty();
        assertThat(read(carol, "model=" + TestingLlmApi.MODEL)).isEqualTo(ids);
        assertThat(read(carol, "model=other")).isEmpty();
        var behind = carol.get(PATH + "?after=" + ids.getLast());
        assertThat(behind.status()).isEqualTo(200);
        assertThat(behind.json().path("data")).isEmpty();
        for (var query : List.of("after=chatcmpl-1", "after=%00")) {
            var unknown = carol.get(PATH + "?" + query);
            assertThat(unknown.status()).isEqualTo(404);
            assertThat(unknown.error().path("param").asText()).isEqualTo("after");
        }
        assertThat(carol.get(PATH + "?model=%00").status()).isEqualTo(400);
    }

    @Test
    void messagesAreListedInOrder() throws Exception {
        var id =
                alice.post(
                                PATH,
                                """
                                {"model":"%s","store":true,"messages":[{"role":"system","content":"be brief"},
                                 {"role":"user","name":"ada","content":[{"type":"text","text":"see"}]},
                                 {"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},
                                 {"role":"tool","tool_call_id":"c","content":"42"}]}
                                """
                                        .formatted(TestingLlmApi.MODEL))
                        .id();
        var path = PATH + "/" + id + "/messages";
        assertThat(alice.get(path).json().path("data"))
                .isEqualTo(
                        Json.parse(
                                """
                                [{"id":"ID-0","role":"system","content":"be brief","content_parts":null},
                                 {"id":"ID-1","role":"user","name":"ada","content":null,"content_parts":[{"type":"text","text":"see"}]},
                                 {"id":"ID-2","role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}],"content":null,"content_parts":null},
                                 {"id":"ID-3","role":"tool","tool_call_id":"c","content":"42","content_parts":null}]
                                """
                                        .replace("ID", id)));
        var page = alice.get(path + "?limit=3").json();
        assertThat(page.path("has_more").asBoolean()).isTrue();
        var rest = alice.get(path + "?limit=3&after=" + page.path("last_id").asText()).json();
        assertThat(rest.path("has_more").asBoolean()).isFalse();
        assertThat(rest.path("data")).hasSize(1);
        assertThat(alice.get(path + "?order=desc&limit=1").json().at("/data/0/id").asText())
                .isEqualTo(id + "-3");
        assertThat(alice.get(path + "?after=" + id + "-9").error().path("param").asText())
                .isEqualTo("after");
    }

    private static JsonNode without(JsonNode object, String member) {
        var copy = (ObjectNode) object.deepCopy();
        copy.remove(member);
        return copy;
    }

    /** The ids of all pages, read the way OpenAI's clients do. */
    private static List<String> read(Caller caller, String query) throws Exception {
        var ids = new ArrayList<String>();
        for (var after = ""; ; after = "&after=" + ids.getLast()) {
            Reply reply =
                    caller.get(PATH + "?" + query.replace("[", "%5B").replace("]", "%5D") + after);
            assertThat(reply.status()).isEqualTo(200);
            reply.json().path("data").forEach(one -> ids.add(one.path("id").asText()));
            if (!reply.json().path("has_more").asBoolean()) {
                return ids;
            }
        }
    }
}
