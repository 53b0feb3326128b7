// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kit.json.Json;
import ai.jan.llm.TestingLlmApi.Caller;
import ai.jan.llm.TestingLlmApi.Reply;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** OpenAI's four routes of a conversation itself, and Jan's list. */
@Timeout(60)
class ConversationIT {
    @AutoClose private static final TestingService service = TestingService.start();
    private static final Caller alice = service.alice();

    @Test
    void livesFromCreationToDeletion() throws Exception {
        var created = alice.post("/v1/conversations", "{\"metadata\":{\"a\":\"b\"}}");
        assertThat(created.status()).isEqualTo(200);
        assertThat(created.id()).matches("conv_[0-9a-z]{16,}");
        assertThat(created.json().path("object").asText()).isEqualTo("conversation");
        assertThat(created.json().path("created_at").isIntegralNumber()).isTrue();
        assertThat(created.json().path("metadata").toString()).isEqualTo("{\"a\":\"b\"}");

        var path = "/v1/conversations/" + created.id();
        assertThat(alice.get(path).json()).isEqualTo(created.json());
        var updated = alice.post(path, "{\"metadata\":{\"c\":\"d\"}}");
        assertThat(updated.json().path("metadata").toString()).isEqualTo("{\"c\":\"d\"}");
        assertThat(alice.get(path).json()).isEqualTo(updated.json());

        var deleted = alice.delete(path);
        assertThat(deleted.text())
                .isEqualTo(
                        "{\"id\":\"%s\",\"object\":\"conversation.deleted\",\"deleted\":true}"
                                .formatted(created.id()));
        assertThat(alice.get(path).status()).isEqualTo(404);
        assertThat(alice.delete(path).status()).isEqualTo(404);
    }

    @Test
    void needsNoBodyAndAlwaysHasMetadata() throws Exception {
        for (var body : List.of("", "{}", "{\"metadata\":null}")) {
            var created = alice.post("/v1/conversations", body);
            assertThat(created.status()).isEqualTo(200);
            assertThat(created.json().path("metadata").toString()).isEqualTo("{}");
            var items = alice.get("/v1/conversations/" + created.id() + "/items");
            assertThat(items.text())
                    .isEqualTo(
                            "{\"object\":\"list\",\"data\":[],\"first_id\":null,\"last_id\":null,"
                                    + "\"has_more\":false}");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "limit=0, integer_below_min_value, limit",
        "limit=101, integer_above_max_value, limit",
        "limit=x, invalid_value, limit",
        "order=up, invalid_value, order"
    })
    void refusesPagesThatCannotBe(String query, String code, String param) throws Exception {
        for (var path : List.of(create("{}") + "/items?", "/v1/conversations?")) {
            var reply = alice.get(path + query);
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.error().path("code").asText()).isEqualTo(code);
            assertThat(reply.error().path("param").asText()).isEqualTo(param);
        }
    }

    @Test
    void listsTheConversationsOfTheCaller() throws Exception {
        var carol = service.api().caller("carol");
        var ids = new ArrayList<String>();
        for (int i = 0; i < 5; i++) {
            ids.add(carol.post("/v1/conversations", "{\"title\":\"no. " + i + "\"}").id());
        }
        var page = carol.get("/v1/conversations?limit=2").json();
        assertThat(page.path("total").asInt()).isEqualTo(5);
        assertThat(page.path("has_more").asBoolean()).isTrue();
        assertThat(page.at("/data/0/title").asText()).isEqualTo("no. 4");
        var read = new ArrayList<String>();
        for (var after = ""; ; after = "&after=" + read.getLast()) {
            var next = carol.get("/v1/conversations?order=asc&limit=2" + after).json();
            next.path("data").forEach(one -> read.add(one.path("id").asText()));
            if (!next.path("has_more").asBoolean()) {
                break;
            }
        }
        assertThat(read).isEqualTo(ids);
        var cursor = carol.get("/v1/conversations?after=conv_unknown");
        assertThat(cursor.status()).isEqualTo(404);
        assertThat(cursor.error().path("param").asText()).isEqualTo("after");
    }

    @Test
    void deletesAllConversationsOfTheCaller() throws Exception {
        var erin = service.api().caller("erin");
        erin.post("/v1/conversations", "{}");
        erin.post("/v1/conversations", "{}");
        var others = alice.get("/v1/conversations").json().path("total").asInt();
        assertThat(erin.delete("/v1/conversations").text())
                .isEqualTo("{\"object\":\"conversations.deleted\",\"deleted\":true,\"total\":2}");
        assertThat(erin.get("/v1/conversations").json().path("total").asInt()).isZero();
        assertThat(alice.get("/v1/conversations").json().path("total").asInt()).isEqualTo(others);
    }

    @Test
    void titlesAreCheckedAndMayBeTakenAway() throws Exception {
        var titled = alice.post("/v1/conversations", "{\"title\":\"" + "é".repeat(256) + "\"}");
        assertThat(titled.json().path("title").asText()).hasSize(256);
        var path = "/v1/conversations/" + titled.id();
        for (var wrong : List.of("\"\"", "\" \"", "\"" + "x".repeat(257) + "\"", "1")) {
            assertThat(alice.post(path, "{\"title\":" + wrong + "}").error().path("param").asText())
                    .as(wrong)
                    .isEqualTo("title");
        }
        assertThat(alice.post(path, "{\"title\":null}").json().has("title")).isFalse();
        assertThat(alice.post(path, "{}").error().path("code").asText())
                .isEqualTo("missing_required_parameter");
    }

    @Test
    void foreignAndUnknownConversationsAnswerAlike() throws Exception {
        var foreign = create("{\"items\":[{\"role\":\"user\",\"content\":\"x\"}]}");
        var item = alice.get(foreign + "/items").json().at("/data/0/id").asText();
        var mallory = service.api().caller("mallory");
        var unknown = "/v1/conversations/conv_0123456789abcdef";
        for (var path : List.of("", "/items", "/items/" + item)) {
            assertAlike(mallory.get(foreign + path), mallory.get(unknown + path), foreign, unknown);
        }
        for (var path : List.of("", "/items/" + item)) {
            assertAlike(
                    mallory.delete(foreign + path),
                    mallory.delete(unknown + path),
                    foreign,
                    unknown);
        }
        var items = "{\"items\":[{\"role\":\"user\",\"content\":\"x\"}]}";
        assertAlike(
                mallory.post(foreign + "/items", items),
                mallory.post(unknown + "/items", items),
                foreign,
                unknown);
        assertAlike(
                mallory.post(foreign, "{\"metadata\":{}}"),
                mallory.post(unknown, "{\"metadata\":{}}"),
                foreign,
                unknown);
        assertThat(read(foreign, "order=asc")).containsExactly("x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x%00y", "%2e%2e", "a'b", "ü", "conv_"})
    void anIdThatCannotBeIsNotFound(String id) throws Exception {
        for (var path : List.of("/v1/conversations/" + id, create("{}") + "/items/" + id)) {
            assertThat(alice.get(path).status()).as(path).isIn(400, 404, 405);
        }
    }

    @Test
    void checksMetadata() throws Exception {
        var full = Json.object();
        for (int i = 0; i < 16; i++) {
            full.put("%064d".formatted(i), "é".repeat(512));
        }
        assertMetadata(Json.text(full), null, null);
        assertMetadata(
                Json.text(full.put("one more", "")), "object_above_max_properties", "metadata");
        var key = "k".repeat(65);
        assertMetadata(
                "{\"" + key + "\":\"\"}", "property_name_above_max_length", "metadata." + key);
        assertMetadata(
                "{\"a\":\"" + "v".repeat(513) + "\"}", "string_above_max_length", "metadata.a");
        assertMetadata("{\"a\":null}", "invalid_type", "metadata.a");
        assertMetadata("\"a\"", "invalid_type", "metadata");
    }

    private static void assertMetadata(String metadata, String code, String param)
            throws Exception {
        var reply = alice.post("/v1/conversations", "{\"metadata\":" + metadata + "}");
        assertThat(reply.status()).isEqualTo(code == null ? 200 : 400);
        assertThat(reply.error().path("code").textValue()).isEqualTo(code);
        assertThat(reply.error().path("param").textValue()).isEqualTo(param);
    }

    private static void assertAlike(
            Reply foreign, Reply unknown, String foreignPath, String unknownPath) {
        assertThat(foreign.status()).isEqualTo(404);
        assertThat(unknown.status()).isEqualTo(404);
        var prefix = "/v1/conversations/".length();
        assertThat(foreign.text().replace(foreignPath.substring(prefix), "ID"))
                .isEqualTo(unknown.text().replace(unknownPath.substring(prefix), "ID"));
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
