// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.database.TestingDatabase;
import ai.jan.kit.json.Json;
import ai.jan.llm.TestingLlmApi.Caller;
import ai.jan.llm.TestingLlmApi.Reply;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Responses that are not streamed: what is answered, kept and told to the model. */
@Timeout(60)
class ResponseIT {
    @AutoClose private static final TestingDatabase storage = TestingDatabase.migrated();
    @AutoClose private final TestingService service = TestingService.on(storage);
    private final TestingModelServer model = service.model();
    private final Caller alice = service.alice();

    @Test
    void answersWithTheWholeObject() throws Exception {
        var reply = respond("\"input\":\"hello\"");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.id()).matches("resp_[0-9a-z]{16,}");
        assertThat(
                        reply.text()
                                .replaceAll("_at\":\\d+", "_at\":0")
                                .replaceAll("(resp|msg)_\\w{24}", "$1_"))
                .isEqualTo(
                        "{\"id\":\"resp_\",\"object\":\"response\",\"created_at\":0,\"status\":\"completed\",\"background\":false,"
                                + "\"completed_at\":0,\"error\":null,\"incomplete_details\":null,\"instructions\":null,"
                                + "\"max_output_tokens\":null,\"max_tool_calls\":null,\"model\":\"some/model\","
                                + "\"output\":[{\"id\":\"msg_\",\"type\":\"message\",\"status\":\"completed\",\"role\":\"assistant\","
                                + "\"content\":[{\"type\":\"output_text\",\"text\":\"Good day\",\"annotations\":[],\"logprobs\":[]}]}],"
                                + "\"parallel_tool_calls\":true,\"previous_response_id\":null,\"prompt_cache_key\":null,"
                                + "\"prompt_cache_retention\":null,\"reasoning\":{\"effort\":null,\"summary\":null},"
                                + "\"frequency_penalty\":0.0,\"presence_penalty\":0.0,"
                                + "\"safety_identifier\":null,\"service_tier\":\"default\",\"store\":true,\"temperature\":1.0,"
                                + "\"text\":{\"format\":{\"type\":\"text\"},\"verbosity\":\"medium\"},\"tool_choice\":\"auto\",\"tools\":[],"
                                + "\"top_logprobs\":0,\"top_p\":1.0,\"truncation\":\"disabled\","
                                + "\"usage\":{\"input_tokens\":1,\"input_tokens_details\":{\"cached_tokens\":0,\"cache_write_tokens\":0},"
                                + "\"output_tokens\":2,\"output_tokens_details\":{\"reasoning_tokens\":0},\"total_tokens\":3},"
                                + "\"user\":null,\"metadata\":{}}");
        assertThat(model.lastRequest())
                .isEqualTo(
                        Json.parse(
                                "{\"model\":\"upstream\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}"));
        assertThat(alice.get("/v1/responses/" + reply.id()).json()).isEqualTo(reply.json());
    }

    @Test
    void livesUntilItIsDeleted() throws Exception {
        var id = respond("\"input\":\"hello\",\"metadata\":{\"a\":\"b\"}").id();
        var path = "/v1/responses/" + id;
        assertThat(alice.get(path + "?stream=true").status()).isEqualTo(400);
        assertThat(alice.post(path + "/cancel", "").status()).isEqualTo(400);
        var child = respond("\"input\":\"more\",\"previous_response_id\":\"" + id + "\"").id();
        assertThat(alice.delete(path).text())
                .isEqualTo("{\"id\":\"" + id + "\",\"object\":\"response\",\"deleted\":true}");
        for (var reply :
                List.of(
                        alice.get(path),
                        alice.delete(path),
                        alice.post(path + "/cancel", ""),
                        alice.get(path + "/input_items"))) {
            assertThat(reply.status()).isEqualTo(404);
        }
        assertThat(
                        respond("\"input\":\"x\",\"previous_response_id\":\"" + id + "\"")
                                .error()
                                .path("code")
                                .asText())
                .isEqualTo("previous_response_not_found");
        respond("\"input\":\"again\",\"previous_response_id\":\"" + child + "\"");
        assertThat(sent())
                .containsExactly(
                        "user: hello",
                        "assistant: Good day",
                        "user: more",
                        "assistant: Good day",
                        "user: again");
    }

    @Test
    void isKeptUnlessToldOtherwise() throws Exception {
        var reply = respond("\"input\":\"hello\",\"store\":false");
        assertThat(reply.json().path("store").asBoolean()).isFalse();
        assertThat(alice.get("/v1/responses/" + reply.id()).status()).isEqualTo(404);
        var next = respond("\"input\":\"x\",\"previous_response_id\":\"" + reply.id() + "\"");
        assertThat(next.status()).isEqualTo(400);
        assertThat(next.error().path("param").asText()).isEqualTo("previous_response_id");
        var item = reply.json().at("/output/0/id").asText();
        assertThat(
                        respond("\"input\":[{\"type\":\"item_reference\",\"id\":\"" + item + "\"}]")
                                .status())
                .isEqualTo(404);
    }

    @Test
    void aChainSeesItselfAndInstructionsAreNotInherited() throws Exception {
        var one = respond("\"input\":\"one\",\"instructions\":\"be brief\"").id();
        assertThat(sent()).containsExactly("system: be brief", "user: one");
        var two = respond("\"input\":\"two\",\"previous_response_id\":\"" + one + "\"").id();
        respond("\"input\":\"other two\",\"previous_response_id\":\"" + one + "\"");
        respond("\"input\":\"three\",\"previous_response_id\":\"" + two + "\"");
        assertThat(sent())
                .containsExactly(
                        "user: one",
                        "assistant: Good day",
                        "user: two",
                        "assistant: Good day",
                        "user: three");
    }

    @Test
    void aTurnOfAConversationIsKeptThereWhetherTheResponseIsOrNot() throws Exception {
        var conversation = alice.post("/v1/conversations", "{}").id();
        var first = respond("\"input\":\"one\",\"conversation\":\"" + conversation + "\"");
        assertThat(first.json().path("conversation").toString())
                .isEqualTo("{\"id\":\"" + conversation + "\"}");
        respond(
                "\"input\":\"two\",\"store\":false,\"conversation\":{\"id\":\""
                        + conversation
                        + "\"}");
        assertThat(sent()).containsExactly("user: one", "assistant: Good day", "user: two");
        assertThat(texts(conversation)).containsExactly("one", "Good day", "two", "Good day");
        alice.chat("three", ",\"conversation\":\"" + conversation + "\"");
        assertThat(sent()).hasSize(5);

        var branch = respond("\"input\":\"b\",\"previous_response_id\":\"" + first.id() + "\"");
        assertThat(branch.json().has("conversation")).isFalse();
        assertThat(sent()).containsExactly("user: one", "assistant: Good day", "user: b");
        assertThat(texts(conversation)).hasSize(6);
    }

    @Test
    void aBranchSeesTheConversationAsItWas() throws Exception {
        var conversation =
                alice.post(
                                "/v1/conversations",
                                "{\"items\":[{\"role\":\"user\",\"content\":\"zero\"}]}")
                        .id();
        var first = respond("\"input\":\"one\",\"conversation\":\"" + conversation + "\"").id();
        respond("\"input\":\"two\",\"conversation\":\"" + conversation + "\"");
        respond("\"input\":\"b\",\"previous_response_id\":\"" + first + "\"");
        assertThat(sent())
                .containsExactly("user: zero", "user: one", "assistant: Good day", "user: b");
    }

    @Test
    void callsOfFunctionsGoToAndFro() throws Exception {
        model.next(answering ->
                answering.json(
                        200,
                        TestingModelServer.completion(
                                "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1}\"}}]}")));
        var tools =
                "\"tools\":[{\"type\":\"function\",\"name\":\"f\",\"parameters\":{\"type\":\"object\"},\"strict\":true}],\"tool_choice\":{\"type\":\"function\",\"name\":\"f\"},\"parallel_tool_calls\":false";
        var reply = respond("\"input\":\"what?\"," + tools);
        assertThat(model.lastRequest().path("tools").toString())
                .isEqualTo(
                        "[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"type\":\"object\"},\"strict\":true}}]");
        assertThat(model.lastRequest().path("tool_choice").toString())
                .isEqualTo("{\"type\":\"function\",\"function\":{\"name\":\"f\"}}");
        assertThat(model.lastRequest().path("parallel_tool_calls").asBoolean(true)).isFalse();
        assertThat(reply.json().path("output").toString().replaceAll("fc_\\w+", "fc_"))
                .isEqualTo(
                        "[{\"id\":\"fc_\",\"type\":\"function_call\",\"status\":\"completed\",\"arguments\":\"{\\\"a\\\":1}\",\"call_id\":\"call_1\",\"name\":\"f\"}]");

        respond(
                "\"previous_response_id\":\"%s\",\"input\":[{\"type\":\"function_call_output\",\"call_id\":\"call_1\",\"output\":\"42\"}]"
                        .formatted(reply.id()));
        assertThat(model.lastRequest().path("messages"))
                .isEqualTo(
                        Json.parse(
                                """
                                [{"role":"user","content":"what?"},
                                 {"role":"assistant","content":null,"tool_calls":[
                                   {"id":"call_1","type":"function","function":{"name":"f","arguments":"{\\"a\\":1}"}}]},
                                 {"role":"tool","tool_call_id":"call_1","content":"42"}]
                                """));
    }

    @Test
    void whatTheModelThoughtIsAnItemThatIsNotSentAgain() throws Exception {
        model.next(answering ->
                answering.json(
                        200,
                        TestingModelServer.completion(
                                "{\"role\":\"assistant\",\"content\":\"so\",\"reasoning_content\":\"hm\"}")));
        var reply = respond("\"input\":\"why?\"");
        assertThat(reply.json().at("/output/0/type").asText()).isEqualTo("reasoning");
        assertThat(reply.json().at("/output/0/content").toString())
                .isEqualTo("[{\"type\":\"reasoning_text\",\"text\":\"hm\"}]");
        respond("\"input\":\"and?\",\"previous_response_id\":\"" + reply.id() + "\"");
        assertThat(sent()).containsExactly("user: why?", "assistant: so", "user: and?");
    }

    @Test
    void anAnswerThatIsCutShortSaysSo() throws Exception {
        model.next(answering ->
                answering.json(
                        200,
                        TestingModelServer.completion("{\"role\":\"assistant\",\"content\":\"so\"}")
                                .replace("\"stop\"", "\"length\"")));
        var json = respond("\"input\":\"x\",\"max_output_tokens\":16").json();
        assertThat(json.path("status").asText()).isEqualTo("incomplete");
        assertThat(json.path("incomplete_details").toString())
                .isEqualTo("{\"reason\":\"max_output_tokens\"}");
        assertThat(json.at("/output/0/status").asText()).isEqualTo("incomplete");
        assertThat(model.lastRequest().path("max_completion_tokens").asInt()).isEqualTo(16);
    }

    @Test
    void settingsReachTheModelInTheWordsOfChats() throws Exception {
        var reply =
                respond(
                        """
                        "input":[{"role":"developer","content":"be kind"},{"role":"user","content":[
                          {"type":"input_text","text":"see"},{"type":"input_image","image_url":"data:image/png;base64,AA"}]}],
                        "instructions":"be brief","temperature":0.5,"top_p":0.9,"top_logprobs":2,
                        "text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object"},"strict":true},"verbosity":"low"},
                        "reasoning":{"effort":"low"},"include":["message.output_text.logprobs"]
                        """);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().at("/text/format/name").asText()).isEqualTo("n");
        assertThat(reply.json().path("instructions").asText()).isEqualTo("be brief");
        assertThat(model.lastRequest())
                .isEqualTo(
                        Json.parse(
                                """
                                {"model":"upstream","messages":[{"role":"system","content":"be brief\\n\\nbe kind"},
                                  {"role":"user","content":[{"type":"text","text":"see"},
                                   {"type":"image_url","image_url":{"url":"data:image/png;base64,AA","detail":"auto"}}]}],
                                 "temperature":0.5,"top_p":0.9,"response_format":{"type":"json_schema",
                                  "json_schema":{"name":"n","schema":{"type":"object"},"strict":true}},
                                 "verbosity":"low","reasoning_effort":"low","logprobs":true,"top_logprobs":2}
                                """));
    }

    @Test
    void inputItemsAreListedPageByPage() throws Exception {
        var input = Json.array();
        for (int i = 0; i < 25; i++) {
            input.addObject().put("role", "user").put("content", String.valueOf(i));
        }
        var id = respond("\"input\":" + Json.text(input)).id();
        var path = "/v1/responses/" + id + "/input_items";
        var page = alice.get(path).json();
        assertThat(page.path("data")).hasSize(20);
        assertThat(page.at("/data/0/content/0/text").asText()).isEqualTo("24");
        assertThat(page.path("has_more").asBoolean()).isTrue();
        var rest = alice.get(path + "?after=" + page.path("last_id").asText()).json();
        assertThat(rest.path("data")).hasSize(5);
        assertThat(rest.path("has_more").asBoolean()).isFalse();
        assertThat(
                        alice.get(path + "?order=asc&limit=1")
                                .json()
                                .at("/data/0/content/0/text")
                                .asText())
                .isEqualTo("0");
        var behind = alice.get(path + "?after=" + rest.path("last_id").asText());
        assertThat(behind.json().path("data")).isEmpty();
        assertThat(alice.get(path + "?after=msg_nobody").error().path("param").asText())
                .isEqualTo("after");
    }

    @Test
    void itemsThatExistAreReferredTo() throws Exception {
        var first = respond("\"input\":\"one\"").json();
        var said = first.at("/output/0/id").asText();
        respond(
                "\"input\":[{\"type\":\"item_reference\",\"id\":\"%1$s\"},{\"type\":\"message\",\"id\":\"%1$s\",\"role\":\"assistant\",\"content\":\"changed\"}]"
                        .formatted(said));
        assertThat(sent()).containsExactly("assistant: Good day", "assistant: Good day");
        var conversation = alice.post("/v1/conversations", "{}").id();
        var in = ",\"conversation\":\"" + conversation + "\"";
        var reference = "\"input\":[{\"type\":\"item_reference\",\"id\":\"" + said + "\"}]" + in;
        assertThat(respond(reference).status()).isEqualTo(200);
        var again = respond(reference);
        assertThat(again.error().path("code").asText()).isEqualTo("item_already_in_conversation");
        assertThat(texts(conversation)).containsExactly("Good day", "Good day");
    }

    @Test
    void countsInputTokens() throws Exception {
        var conversation = alice.post("/v1/conversations", "{}").id();
        var reply =
                alice.post(
                        "/v1/responses/input_tokens",
                        body("\"input\":\"hello\",\"conversation\":\"" + conversation + "\""));
        assertThat(reply.text())
                .isEqualTo("{\"object\":\"response.input_tokens\",\"input_tokens\":1}");
        assertThat(model.lastRequest().path("max_completion_tokens").asInt()).isEqualTo(1);
        assertThat(texts(conversation)).isEmpty();
    }

    @Test
    void aModelServerThatRefusesLeavesNothing() throws Exception {
        var conversation = alice.post("/v1/conversations", "{}").id();
        model.next(answering ->
                answering.json(
                        400,
                        "{\"error\":{\"message\":\"This model's maximum context length is 10 tokens\",\"code\":400}}"));
        var reply = respond("\"input\":\"x\",\"conversation\":\"" + conversation + "\"");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.error().path("code").asText()).isEqualTo("context_length_exceeded");
        assertThat(reply.error().path("param").asText()).isEqualTo("input");
        assertThat(texts(conversation)).isEmpty();
        assertThat(respond("\"input\":\"x\",\"conversation\":\"" + conversation + "\"").status())
                .isEqualTo(200);
    }

    private Reply respond(String members) throws Exception {
        return alice.post("/v1/responses", body(members));
    }

    private static String body(String members) {
        return "{\"model\":\"" + TestingLlmApi.MODEL + "\"," + members + "}";
    }

    /** What the model was told last. */
    private List<String> sent() {
        return model.lastRequest()
                .path("messages")
                .valueStream()
                .map(message ->
                        message.path("role").asText() + ": " + message.path("content").asText())
                .toList();
    }

    private List<String> texts(String conversation) throws Exception {
        var texts = new ArrayList<String>();
        alice.get("/v1/conversations/" + conversation + "/items?order=asc")
                .json()
                .path("data")
                .forEach(item -> texts.add(item.at("/content/0/text").asText()));
        return texts;
    }
}
