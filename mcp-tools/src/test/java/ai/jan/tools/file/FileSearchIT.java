// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.jan.database.Database;
import ai.jan.database.LoginRole;
import ai.jan.database.TestingDatabase;
import ai.jan.kit.identity.Identity;
import ai.jan.kit.json.Json;
import ai.jan.tools.embed.Embedder;
import ai.jan.tools.embed.EmbeddingSettings;
import ai.jan.tools.tool.Answer;
import ai.jan.tools.tool.Arguments;
import ai.jan.tools.tool.Tool;
import ai.jan.tools.tool.ToolFailure;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** With a real PostgreSQL and the real embedding model. Every test is a user of its own. */
class FileSearchIT {
    private static TestingDatabase storage;
    private static Database database;
    private static Embedder embedder;
    private static Tool index;
    private static Tool query;
    private static Tool list;
    private static Tool delete;

    @BeforeAll
    static void start() {
        storage = TestingDatabase.migrated();
        database = storage.open(LoginRole.MCP_TOOLS);
        embedder = Embedder.of(new EmbeddingSettings(Optional.empty(), "", Optional.empty()));
        var documents = new Documents(database);
        index = new FileSearchIndex(documents, embedder);
        query = new FileSearchQuery(database, embedder);
        list = new FileSearchList(documents);
        delete = new FileSearchDelete(documents);
    }

    @AfterAll
    static void stop() {
        embedder.close();
        database.close();
        storage.close();
    }

    @Test
    void findsByMeaningAndByWords() throws Exception {
        keep("finder", "pets", "Our cat sleeps on the warm windowsill all day.", "home");
        keep("finder", "taxes", "The annual tax return is due at the end of July.", "office");
        keep("finder", "parts", "Spare part number XK-4711 fits the old pump.", "office");

        assertThat(ids(ask("finder", "Where does the feline animal rest?"))).startsWith("pets");
        assertThat(ids(ask("finder", "When do I have to declare my income?"))).startsWith("taxes");
        assertThat(ids(ask("finder", "XK-4711"))).startsWith("parts");
        var best = ask("finder", "feline").path("results").path(0);
        assertThat(best.path("text_preview").asText()).contains("windowsill");
        assertThat(best.path("score").asDouble()).isBetween(0.05, 1.0);
        assertThat(best.path("tags").toString()).isEqualTo("[\"home\"]");
        assertThat(best.path("metadata").path("kept").asBoolean()).isTrue();
    }

    @Test
    void documentsOfOneUserAreInvisibleToAnother() throws Exception {
        keep("ada", "diary", "The secret is under the old oak tree.", "private");
        keep("bob", "diary", "Nothing happened today.", "private");

        assertThat(ask("bob", "Where is the secret under the old oak tree?").toString())
                .contains("Nothing happened")
                .doesNotContain("oak tree.");
        assertThat(ids(ask("eve", "secret oak tree"))).isEmpty();
        assertThat(run(list, "eve", Json.object()).path("documents")).isEmpty();
        assertThat(failure(delete, "eve", Json.object().put("document_id", "diary")))
                .contains("'document_id'");
        run(delete, "bob", Json.object().put("document_id", "diary"));
        assertThat(ids(ask("ada", "oak tree"))).containsExactly("diary");
        var byId = Json.object().put("query", "oak");
        byId.putArray("document_ids").add("diary");
        assertThat(ids(run(query, "bob", byId))).isEmpty();
    }

    @Test
    void indexingAgainReplaces() throws Exception {
        keep("rewriter", "note", "Bananas are yellow. " + "Much more of this. ".repeat(200));
        var second = keep("rewriter", "note", "Oranges are orange.");

        assertThat(second.path("chunk_count").asInt()).isEqualTo(1);
        assertThat(second.path("token_count").asInt()).isEqualTo(3);
        assertThat(ask("rewriter", "bananas yellow").toString()).doesNotContain("Bananas");
        assertThat(run(list, "rewriter", Json.object()).path("documents")).hasSize(1);
    }

    @Test
    void oneOfTwoWhoIndexTheSameDocumentAtOnceComesSecond() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var writers = new ArrayList<Future<?>>();
            for (int i = 0; i < 6; i++) {
                var text = "word" + i + " " + "filler ".repeat(300);
                writers.add(threads.submit(() -> keep("racer", "same", text)));
            }
            for (var writer : writers) {
                writer.get();
            }
        }
        var documents = run(list, "racer", Json.object()).path("documents");
        assertThat(documents).hasSize(1);
        int chunks =
                database.with(handle ->
                        handle.createQuery(
                                        "SELECT count(*) FROM tools.chunks WHERE owner = 'racer'")
                                .mapTo(int.class)
                                .one());
        assertThat(chunks).isEqualTo(documents.path(0).path("chunk_count").asInt());
    }

    @Test
    void selectsByTagsAndDocuments() throws Exception {
        keep("sorter", "a", "apples and pears", "fruit", "red");
        keep("sorter", "b", "apples and cucumbers", "fruit");
        keep("sorter", "c", "apples and machines", "company");

        var tagged = Json.object().put("query", "apples");
        tagged.putArray("tags").add("fruit").add("red");
        assertThat(ids(run(query, "sorter", tagged))).containsExactly("a");
        var named = Json.object().put("query", "apples").put("top_k", 20);
        named.putArray("document_ids").add("b").add("c");
        assertThat(ids(run(query, "sorter", named))).containsExactlyInAnyOrder("b", "c");
        assertThat(ids(run(query, "sorter", Json.object().put("query", "apples").put("top_k", 1))))
                .hasSize(1);
    }

    @Test
    void takesTextsAndQuestionsOfAnyKind() throws Exception {
        var odd = "quote ' backslash \\ colon : & | ! <-> ( ) :* 'a' %s ? 中文 😀 عربى";
        keep("oddity", "odd ' \\ id", odd.repeat(20), "tag ' \\");
        keep("oddity", "long", "x".repeat(10_000));

        assertThat(ids(ask("oddity", odd))).contains("odd ' \\ id");
        for (var question : List.of("'", "\\", "the of and", "!!", ":* & |", "😀", "a\0b")) {
            assertThat(ask("oddity", question).path("count").asInt()).isEqualTo(2);
        }
        assertThat(failure(index, "oddity", document("x", "nul \0 inside")))
                .contains("'text'", "U+0000");
    }

    @Test
    void listsAPageAtATime() throws Exception {
        for (var id : List.of("one", "three", "two")) {
            keep("pager", id, "text");
        }
        var first = run(list, "pager", Json.object().put("limit", 2));
        var second = run(list, "pager", Json.object().put("limit", 2).put("after", "three"));

        assertThat(first.path("documents")).hasSize(2);
        assertThat(first.path("has_more").asBoolean()).isTrue();
        assertThat(second.path("documents").path(0).path("document_id").asText()).isEqualTo("two");
        assertThat(second.path("has_more").asBoolean()).isFalse();
    }

    /** Or whoever has long texts could open the breaker for everybody. */
    @Test
    void aTextThatTakesTooLongIsTooLong() {
        var impatient = new FileSearchIndex(new Documents(database), embedder, Duration.ZERO);

        assertThat(failure(impatient, "writer", document("long", "word ".repeat(10_000))))
                .contains("in parts");
    }

    /** Refused by the database, they would open the breaker for everybody. */
    @Test
    void namesTheArgumentThatCannotBeStored() {
        var filtered = Json.object().put("query", "apples");
        filtered.putArray("document_ids").add("a\0");
        assertThat(failure(query, "nul", filtered)).startsWith("Argument 'document_ids'");
        var tagged = Json.object().put("query", "apples");
        tagged.putArray("tags").add("a\0");
        assertThat(failure(query, "nul", tagged)).startsWith("Argument 'tags'");
        assertThat(failure(delete, "nul", Json.object().put("document_id", "a\0")))
                .startsWith("Argument 'document_id'");
        assertThat(failure(index, "nul", document("a", "b\0"))).startsWith("Argument 'text'");
    }

    private static ObjectNode document(String id, String text, String... tags) {
        var arguments = Json.object().put("document_id", id).put("text", text);
        arguments.putObject("metadata").put("kept", true);
        var list = arguments.putArray("tags");
        List.of(tags).forEach(list::add);
        return arguments;
    }

    private static JsonNode keep(String owner, String id, String text, String... tags)
            throws Exception {
        return run(index, owner, document(id, text, tags));
    }

    private static JsonNode ask(String owner, String question) throws Exception {
        return run(query, owner, Json.object().put("query", question));
    }

    private static JsonNode run(Tool tool, String owner, ObjectNode arguments) throws Exception {
        return ((Answer.Structured) tool.call(caller(owner), new Arguments(arguments))).value();
    }

    private static String failure(Tool tool, String owner, ObjectNode arguments) {
        return catchThrowableOfType(
                        ToolFailure.class, () -> tool.call(caller(owner), new Arguments(arguments)))
                .getMessage();
    }

    private static List<String> ids(JsonNode answer) {
        var ids = new ArrayList<String>();
        answer.path("results").forEach(result -> ids.add(result.path("document_id").asText()));
        return ids;
    }

    private static Identity caller(String owner) {
        return new Identity(
                owner, Identity.Method.JWT, Set.of(), Set.of(), "user", null, null, "r");
    }
}
