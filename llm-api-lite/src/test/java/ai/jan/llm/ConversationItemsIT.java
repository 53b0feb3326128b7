// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kit.json.Json;
import ai.jan.llm.TestingLlmApi.Caller;
import ai.jan.llm.TestingLlmApi.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** OpenAI's routes of a conversation's items. */
@Timeout(60)
class ConversationItemsIT {
    @AutoClose private static final TestingService service = TestingService.start();
    private static final Caller alice = service.alice();

    @Test
    void normalisesItems() throws Exception {
        var created = create("{}");
        var added =
                alice.post(
                        created + "/items",
                        """
                        {"items":[{"role":"user","content":"x"},
                          {"type":"message","role":"assistant","content":[{"type":"output_text","text":"y"}]},
                          {"type":"function_call","call_id":"c1","name":"f","arguments":"{}"},
                          {"type":"function_call_output","call_id":"c1","output":"42"},
                          {"type":"web_search_call","action":{"n":1.50,"nul":"\\u0000"}}]}
                        """);
        assertThat(added.status()).isEqualTo(200);
        assertThat(added.json().path("object").asText()).isEqualTo("list");
        var items = added.json().path("data");
        var withoutIds = new ArrayList<String>();
        items.forEach(item -> {
            assertThat(item.path("id").asText()).matches("(msg|fc|fco|item)_[0-9a-z]{16,}");
            withoutIds.add(item.toString().replaceFirst(",?\"id\":\"[^\"]*\"", ""));
        });
        assertThat(withoutIds)
                .containsExactly(
                        "{\"type\":\"message\",\"status\":\"completed\",\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"x\"}]}",
                        "{\"type\":\"message\",\"status\":\"completed\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"y\",\"annotations\":[],\"logprobs\":[]}]}",
                        "{\"type\":\"function_call\",\"status\":\"completed\",\"call_id\":\"c1\",\"name\":\"f\",\"arguments\":\"{}\"}",
                        "{\"type\":\"function_call_output\",\"status\":\"completed\",\"call_id\":\"c1\",\"output\":\"42\"}",
                        "{\"type\":\"web_search_call\",\"action\":{\"n\":1.5,\"nul\":\"\\u0000\"}}");
        for (var item : items) {
            assertThat(alice.get(created + "/items/" + item.path("id").asText()).json())
                    .isEqualTo(item);
        }
    }

    @Test
    void deletingAnItemAnswersWithTheConversation() throws Exception {
        var conversation = create("{\"items\":[{\"role\":\"user\",\"content\":\"x\"}]}");
        var item = alice.get(conversation + "/items").json().at("/data/0/id").asText();
        var reply = alice.delete(conversation + "/items/" + item);
        assertThat(reply.json()).isEqualTo(alice.get(conversation).json());
        assertThat(alice.get(conversation + "/items/" + item).status()).isEqualTo(404);
        assertThat(alice.delete(conversation + "/items/" + item).status()).isEqualTo(404);
        var cursor = alice.get(conversation + "/items?after=" + item);
        assertThat(cursor.status()).isEqualTo(404);
        assertThat(cursor.error().path("param").asText()).isEqualTo("after");
    }

    /** Hundreds of megabytes at once would end the process for everybody. */
    @Test
    void aPageOfLargeItemsIsShorterAndSaysThatThereAreMore() throws Exception {
        var conversation = create("{}");
        var large = Json.object();
        large.withArray("items")
                .addObject()
                .put("role", "user")
                .put("content", "x".repeat(3 * 1024 * 1024));
        for (int i = 0; i < 5; i++) {
            alice.post(conversation + "/items", Json.text(large));
        }

        var first = alice.get(conversation + "/items?limit=100").json();
        var rest =
                alice.get(conversation + "/items?limit=100&after=" + first.path("last_id").asText())
                        .json();

        assertThat(first.path("data")).hasSize(3);
        assertThat(first.path("has_more").asBoolean()).isTrue();
        assertThat(rest.path("data")).hasSize(2);
        assertThat(rest.path("has_more").asBoolean()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 20, 21, 100, 101})
    void pagesComeToAnEndInOrder(int count) throws Exception {
        var conversation = create("{}");
        var texts = IntStream.range(0, count).mapToObj(String::valueOf).toList();
        for (int i = 0; i < count; i += 20) {
            var items = Json.object();
            texts.subList(i, Math.min(count, i + 20))
                    .forEach(text ->
                            items.withArray("items")
                                    .addObject()
                                    .put("role", "user")
                                    .put("content", text));
            assertThat(alice.post(conversation + "/items", Json.text(items)).status())
                    .isEqualTo(200);
        }
        assertThat(read(conversation, "order=asc")).isEqualTo(texts);
        assertThat(read(conversation, "limit=7")).isEqualTo(texts.reversed());
        assertThat(read(conversation, "limit=100&order=desc")).isEqualTo(texts.reversed());
        if (count > 0) {
            var last = alice.get(conversation + "/items?limit=1").json();
            assertThat(last.path("has_more").asBoolean()).isEqualTo(count > 1);
            var behind =
                    alice.get(
                            conversation
                                    + "/items?order=asc&after="
                                    + last.path("last_id").asText());
            assertThat(behind.status()).isEqualTo(200);
            assertThat(behind.json().path("data")).isEmpty();
        }
    }

    @Test
    void anItemThatExistsElsewhereIsLinkedAndWhatWasSentIsIgnored() throws Exception {
        var first = create("{\"items\":[{\"role\":\"user\",\"content\":\"original\"}]}");
        var id = alice.get(first + "/items").json().at("/data/0/id").asText();
        var second = create("{}");
        var sent =
                "{\"items\":[{\"type\":\"message\",\"id\":\"%1$s\",\"role\":\"user\",\"content\":\"new\"},"
                        + "{\"type\":\"item_reference\",\"id\":\"%1$s\"}]}";
        var linked = alice.post(second + "/items", sent.formatted(id));
        assertThat(linked.status()).isEqualTo(200);
        assertThat(read(second, "order=asc")).containsExactly("original", "original");

        var again = alice.post(second + "/items", sent.formatted(id));
        assertThat(again.status()).isEqualTo(400);
        assertThat(again.error().path("code").asText()).isEqualTo("item_already_in_conversation");
        assertThat(again.error().path("param").asText()).isEqualTo("items");
        assertThat(read(second, "order=asc")).hasSize(2);

        alice.delete(first);
        assertThat(read(second, "order=asc")).containsExactly("original", "original");
    }

    @Test
    void anItemOfSomebodyElseIsNotFoundOut() throws Exception {
        var secret = create("{\"items\":[{\"role\":\"user\",\"content\":\"secret\"}]}");
        var id = alice.get(secret + "/items").json().at("/data/0/id").asText();
        var mallory = service.api().caller("mallory");
        var own = "/v1/conversations/" + mallory.post("/v1/conversations", "{}").id();
        var named =
                mallory.post(
                        own + "/items",
                        "{\"items\":[{\"type\":\"message\",\"id\":\"%s\",\"role\":\"user\",\"content\":\"guess\"}]}"
                                .formatted(id));
        assertThat(named.text()).contains("guess").doesNotContain("secret");
        var reference =
                mallory.post(
                        own + "/items",
                        "{\"items\":[{\"type\":\"item_reference\",\"id\":\"msg_of_nobody\"}]}");
        assertThat(reference.status()).isEqualTo(404);
        assertThat(read(secret, "order=asc")).containsExactly("secret");
    }

    @Test
    void checksItems() throws Exception {
        var conversation = create("{}");
        record Fault(String items, String code, String param) {}
        var many = "[" + "{\"role\":\"user\",\"content\":\"x\"},".repeat(20) + "1]";
        for (var fault :
                List.of(
                        new Fault("null", "missing_required_parameter", "items"),
                        new Fault("[]", "empty_array", "items"),
                        new Fault("{}", "invalid_type", "items"),
                        new Fault(many, "array_above_max_length", "items"),
                        new Fault("[1]", "invalid_type", "items[0]"),
                        new Fault("[{}]", "missing_required_parameter", "items[0].type"),
                        new Fault(
                                "[{\"type\":\"message\"}]",
                                "missing_required_parameter",
                                "items[0].role"),
                        new Fault(
                                "[{\"role\":\"boss\",\"content\":\"x\"}]",
                                "invalid_value",
                                "items[0].role"),
                        new Fault(
                                "[{\"role\":\"user\"}]",
                                "missing_required_parameter",
                                "items[0].content"),
                        new Fault(
                                "[{\"role\":\"user\",\"content\":1}]",
                                "invalid_type",
                                "items[0].content"),
                        new Fault(
                                "[{\"role\":\"user\",\"content\":[{\"type\":\"output_text\",\"text\":\"x\"}]}]",
                                "invalid_value",
                                "items[0].content[0].type"),
                        new Fault(
                                "[{\"role\":\"assistant\",\"content\":[{\"type\":\"input_text\",\"text\":\"x\"}]}]",
                                "invalid_value",
                                "items[0].content[0].type"),
                        new Fault(
                                "[{\"type\":\"message\",\"id\":\"fc_1\",\"role\":\"user\",\"content\":\"x\"}]",
                                "invalid_value",
                                "items[0].id"),
                        new Fault(
                                "[{\"type\":\"function_call\",\"name\":\"f\",\"arguments\":\"\"}]",
                                "missing_required_parameter",
                                "items[0].call_id"),
                        new Fault(
                                "[{\"type\":\"function_call_output\",\"call_id\":\"%s\",\"output\":\"\"}]"
                                        .formatted("c".repeat(65)),
                                "string_above_max_length",
                                "items[0].call_id"))) {
            var reply = alice.post(conversation + "/items", "{\"items\":" + fault.items + "}");
            assertThat(reply.status()).as(fault.items).isEqualTo(400);
            assertThat(reply.error().path("code").asText()).as(fault.items).isEqualTo(fault.code);
            assertThat(reply.error().path("param").asText()).as(fault.items).isEqualTo(fault.param);
        }
        assertThat(read(conversation, "order=asc")).isEmpty();
    }

    @Test
    void manyWritersLoseAndInterleaveNothing() throws Exception {
        var conversation = create("{}");
        var writers = new ArrayList<Callable<Reply>>();
        for (int i = 0; i < 20; i++) {
            int writer = i;
            writers.add(() ->
                    alice.post(
                            conversation + "/items",
                            "{\"items\":[{\"role\":\"user\",\"content\":\"%1$d\"},{\"role\":\"user\",\"content\":\"%1$d\"}]}"
                                    .formatted(writer)));
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var reply : threads.invokeAll(writers)) {
                assertThat(reply.get().status()).isEqualTo(200);
            }
        }
        var texts = read(conversation, "order=asc&limit=100");
        assertThat(texts).hasSize(40);
        for (int i = 0; i < 40; i += 2) {
            assertThat(texts.get(i)).isEqualTo(texts.get(i + 1));
        }
    }

    /** The texts of all items, read page by page the way OpenAI's clients do. */
    private static List<String> read(String conversation, String query) throws Exception {
        var texts = new ArrayList<String>();
        for (var after = ""; ; ) {
            var page = alice.get(conversation + "/items?" + query + after).json();
            page.path("data").forEach(item -> texts.add(item.at("/content/0/text").asText()));
            if (!page.path("has_more").asBoolean()) {
                return texts;
            }
            after = "&after=" + page.path("last_id").asText();
        }
    }

    private static String create(String body) throws Exception {
        return "/v1/conversations/" + alice.post("/v1/conversations", body).id();
    }
}
