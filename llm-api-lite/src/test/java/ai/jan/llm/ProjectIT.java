// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kit.json.Json;
import ai.jan.llm.TestingLlmApi.Caller;
import ai.jan.llm.TestingLlmApi.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Projects, and the conversations in them. */
@Timeout(60)
class ProjectIT {
    @AutoClose private static final TestingService service = TestingService.start();
    private static final TestingModelServer model = service.model();
    private static final Caller alice = service.alice();

    @Test
    void livesFromCreationToDeletion() throws Exception {
        var created =
                alice.post("/v1/projects", "{\"name\":\" Thesis \",\"instruction\":\"Be brief.\"}");
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.id()).matches("proj_[0-9a-z]{16,}");
        assertThat(created.text().replaceAll("\\d{6,}", "N"))
                .isEqualTo(
                        "{\"id\":\"%s\",\"object\":\"project\",\"name\":\"Thesis\",\"instruction\":\"Be brief.\",\"is_archived\":false,\"is_favorite\":false,\"created_at\":N,\"updated_at\":N}"
                                .formatted(created.id()));

        var path = "/v1/projects/" + created.id();
        assertThat(alice.get(path).json()).isEqualTo(created.json());
        var changed = alice.patch(path, "{\"is_favorite\":true,\"name\":\"Paper\"}");
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.json().path("name").asText()).isEqualTo("Paper");
        assertThat(changed.json().path("instruction").asText()).isEqualTo("Be brief.");
        assertThat(changed.json().path("is_favorite").asBoolean()).isTrue();
        var cleared = alice.patch(path, "{\"instruction\":null}");
        assertThat(cleared.json().path("instruction").isNull()).isTrue();
        assertThat(alice.get(path).json()).isEqualTo(cleared.json());

        assertThat(alice.delete(path).text())
                .isEqualTo(
                        "{\"id\":\"%s\",\"object\":\"project.deleted\",\"deleted\":true}"
                                .formatted(created.id()));
        assertThat(alice.get(path).status()).isEqualTo(404);
        assertThat(alice.delete(path).status()).isEqualTo(404);
        assertThat(alice.patch(path, "{}").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{}; missing_required_parameter; name",
                "{'name':''}; empty_string; name",
                "{'name':'  '}; empty_string; name",
                "{'name':1}; invalid_type; name",
                "{'name':'LONG'}; string_above_max_length; name",
                "{'name':'x','instruction':'LONGER'}; string_above_max_length; instruction",
                "{'name':'x','is_archived':'yes'}; invalid_type; is_archived"
            })
    void checksWhatIsSent(String body, String code, String param) throws Exception {
        var sent =
                body.replace('\'', '"')
                        .replace("LONGER", "x".repeat(32_769))
                        .replace("LONG", "x".repeat(121));
        assertFault(alice.post("/v1/projects", sent), 400, code, param);
    }

    @Test
    void takesNamesAndInstructionsOfTheGreatestLength() throws Exception {
        var body =
                Json.object().put("name", "é".repeat(120)).put("instruction", "é".repeat(32_768));
        assertThat(alice.post("/v1/projects", Json.text(body)).status()).isEqualTo(201);
    }

    @Test
    void aNameIsTakenOncePerOwner() throws Exception {
        var first = alice.post("/v1/projects", "{\"name\":\"unique\"}");
        assertFault(
                alice.post("/v1/projects", "{\"name\":\"unique\"}"),
                409,
                "project_name_taken",
                "name");
        assertThat(
                        service.api()
                                .caller("bob")
                                .post("/v1/projects", "{\"name\":\"unique\"}")
                                .status())
                .isEqualTo(201);
        alice.delete("/v1/projects/" + first.id());
        assertThat(alice.post("/v1/projects", "{\"name\":\"unique\"}").status()).isEqualTo(201);
    }

    @Test
    void aCursorLeadsThroughTheList() throws Exception {
        var carol = service.api().caller("carol");
        assertThat(carol.get("/v1/projects").text())
                .isEqualTo(
                        "{\"object\":\"list\",\"data\":[],\"first_id\":null,\"last_id\":null,\"has_more\":false,\"next_cursor\":null}");
        for (int i = 0; i < 5; i++) {
            carol.post("/v1/projects", "{\"name\":\"no. " + i + "\"}");
        }
        var names = new ArrayList<String>();
        for (var cursor = ""; cursor != null; ) {
            var page = carol.get("/v1/projects?limit=2&cursor=" + cursor).json();
            page.path("data").forEach(project -> names.add(project.path("name").asText()));
            cursor = page.path("next_cursor").textValue();
        }
        assertThat(names).containsExactly("no. 4", "no. 3", "no. 2", "no. 1", "no. 0");
        assertFault(carol.get("/v1/projects?cursor=proj_nobody"), 404, null, "after");
    }

    @Test
    void conversationsAreListedByProject() throws Exception {
        var dora = service.api().caller("dora");
        var project = dora.post("/v1/projects", "{\"name\":\"p\"}").id();
        var inside =
                dora.post("/v1/conversations", "{\"project_id\":\"%s\"}".formatted(project)).id();
        var outside = dora.post("/v1/conversations", "{}");
        assertThat(outside.json().has("project_id")).isFalse();
        assertThat(listed(dora, project)).containsExactly(inside);

        var moved =
                dora.post(
                        "/v1/conversations/" + outside.id(),
                        "{\"project_id\":\"%s\"}".formatted(project));
        assertThat(moved.json().path("project_id").asText()).isEqualTo(project);
        assertThat(listed(dora, project)).containsExactly(outside.id(), inside);
        dora.post("/v1/conversations/" + inside, "{\"project_id\":null}");
        assertThat(listed(dora, project)).containsExactly(outside.id());

        dora.delete("/v1/projects/" + project);
        assertThat(dora.get("/v1/conversations/" + outside.id()).json().has("project_id"))
                .isFalse();
        assertThat(dora.get("/v1/conversations?project_id=" + project).status()).isEqualTo(404);
    }

    @Test
    void theModelIsToldTheInstructionInEveryTurn() throws Exception {
        var project =
                alice.post("/v1/projects", "{\"name\":\"told\",\"instruction\":\"Be kind.\"}").id();
        var conversation =
                alice.post("/v1/conversations", "{\"project_id\":\"%s\"}".formatted(project)).id();
        var chat = ",\"conversation\":\"" + conversation + "\"";
        alice.chat("one", chat);
        assertThat(sent()).containsExactly("system: Be kind.", "user: one");

        alice.post(
                "/v1/chat/completions",
                "{\"model\":\"%s\",\"messages\":[{\"role\":\"system\",\"content\":\"Be brief.\"},{\"role\":\"user\",\"content\":\"two\"}]%s}"
                        .formatted(TestingLlmApi.MODEL, chat));
        assertThat(sent())
                .containsExactly(
                        "system: Be kind.\n\nBe brief.",
                        "user: one",
                        "assistant: Good day",
                        "user: two");

        alice.patch("/v1/projects/" + project, "{\"instruction\":\"Be rude.\"}");
        alice.chat("three", chat + ",\"stream\":true");
        assertThat(sent()).startsWith("system: Be rude.", "user: one");
        alice.delete("/v1/projects/" + project);
        alice.chat("four", chat);
        assertThat(sent()).startsWith("user: one");
    }

    private static List<String> sent() {
        return model.lastRequest()
                .path("messages")
                .valueStream()
                .map(message ->
                        message.path("role").asText() + ": " + message.path("content").asText())
                .toList();
    }

    private static List<String> listed(Caller caller, String project) throws Exception {
        var page = caller.get("/v1/conversations?project_id=" + project).json();
        assertThat(page.path("total").asInt()).isEqualTo(page.path("data").size());
        return page.path("data").valueStream().map(one -> one.path("id").asText()).toList();
    }

    private static void assertFault(Reply reply, int status, String code, String param)
            throws IOException {
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.error().path("code").textValue()).isEqualTo(code);
        assertThat(reply.error().path("param").textValue()).isEqualTo(param);
    }
}
