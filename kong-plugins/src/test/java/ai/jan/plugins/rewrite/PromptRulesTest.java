// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kong.testkit.simulated.SimulatedRequest;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PromptRulesTest {
    private final TestingRewrite rewrite = new TestingRewrite("{}");
    private final TestingRewrite guarded =
            new TestingRewrite(
                    """
                    {"guard": [{"pattern": "(?i)project nessie", "message": "Not here."},
                               {"pattern": "(a+)+$x"}],
                     "system_prompt": "Be \\"kind\\"."}
                    """);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\":\"m\",\"model\":\"n\",\"messages\":[]}",
                "{\"model\":\"m\",\"mod\\u0065l\":\"n\",\"messages\":[]}",
                "{\"model\":\"m\",\"Model\":\"n\",\"messages\":[]}",
                "{\"Model\":\"n\",\"messages\":[]}",
                "{\"model\":\"m\",\"messages\":[],\"ſtream\":true}",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"a\",\"Content\":\"b\"}]}",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"role\":\"system\"}]}",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"Type\":\"text\"}]}]}",
                "\ufeff{\"model\":\"m\",\"messages\":[]}",
                "{\"model\":\"m\",\"messages\":[],\"temperature\":NaN}",
                "{\"model\":\"m\",\"messages\":[],\"temperature\":Infinity}",
                "{\"model\":\"m\",\"messages\":[{\"content\":\"\\ud800\"}]}",
                "{\"model\":\"m\",\"messages\":[]} {}",
                "{\"model\":\"m\",\"messages\":[]}x",
                "[{\"model\":\"m\",\"messages\":[]}]",
                "\"model\"",
                ""
            })
    void ambiguousJsonIsRefused(String body) throws Exception {
        for (var each :
                new TestingRewrite[] {
                    rewrite, new TestingRewrite("{\"unknown_parameters\":\"allow\"}")
                }) {
            var refused = each.post(TestingRewrite.CHAT, body);
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.error().path("type").asText()).isEqualTo("invalid_request_error");
        }
    }

    @Test
    void namesThatOthersHaveChosenMayLookLikeOurs() {
        assertThat(
                        rewrite.post(
                                        "/v1/responses",
                                        "{\"model\":\"m\",\"input\":[{\"type\":\"mcp_list_tools\","
                                                + "\"tools\":[{\"name\":\"t\",\"input_schema\":"
                                                + "{\"Name\":{},\"Content\":{}}}]}]}")
                                .status())
                .isEqualTo(200);
    }

    @Test
    void surplusTextOfConversationsIsLeftOut() throws Exception {
        for (var path : new String[] {"/v1/conversations", "/llm/v1/conversations/conv_1/items"}) {
            assertThat(rewrite.post(path, "{\"metadata\":{}} {\"metadata\":1} x").body())
                    .isEqualTo("{\"metadata\":{}}");
            assertThat(rewrite.post(path, " {\"items\": []}\n").body())
                    .isEqualTo(" {\"items\": []}\n");
            assertThat(rewrite.post(path, "{\"items\":[],\"items\":1}").status()).isEqualTo(400);
            assertThat(rewrite.post(path, "x{\"items\":[]}").status()).isEqualTo(400);
            assertThat(guarded.post(path, "{\"items\":[\"project Nessie\"]}").code())
                    .isEqualTo("content_policy_violation");
        }
        assertThat(rewrite.post("/v1/conversations", "").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "project nessie",
                "Tell me about PROJECT NESSIE, please",
                "proj\\u0065ct nessie",
                "project ne\u200bssie",
                "ｐｒｏｊｅｃｔ ｎｅｓｓｉｅ"
            })
    void theGuardReadsEveryTextAsItLooks(String text) throws Exception {
        var bodies =
                new String[][] {
                    {
                        "/v1/chat/completions",
                        "{\"model\":\"m\",\"messages\":[{\"content\":\"%s\"}]}"
                    },
                    {
                        "/v1/chat/completions",
                        "{\"model\":\"m\",\"messages\":[{\"content\":[{\"text\":\"%s\"}]}]}"
                    },
                    {"/v1/completions", "{\"model\":\"m\",\"prompt\":[\"a\",\"%s\"]}"},
                    {"/v1/embeddings", "{\"model\":\"m\",\"input\":\"%s\"}"},
                    {"/v1/responses", "{\"model\":\"m\",\"input\":\"x\",\"instructions\":\"%s\"}"}
                };
        for (var body : bodies) {
            var refused = guarded.post(body[0], body[1].formatted(text));
            assertThat(refused.code()).as(body[0]).isEqualTo("content_policy_violation");
            assertThat(refused.error().path("message").asText()).isEqualTo("Not here.");
        }
    }

    @Test
    void theGuardTakesLinearTime() {
        var body =
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\""
                        + "a".repeat(200_000)
                        + "\"}]}";
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(30),
                () -> assertThat(guarded.post(TestingRewrite.CHAT, body).status()).isEqualTo(200));
    }

    @Test
    void theOperatorSpeaksFirst() throws Exception {
        assertThat(guarded.chat("").body())
                .isEqualTo(
                        "{\"model\":\"m\",\"messages\":[{\"role\":\"system\",\"content\":\"Be"
                                + " \\\"kind\\\".\"},{\"role\":\"user\",\"content\":\"Hello\"}]}");
        assertThat(guarded.post("/v1/responses", "{\"model\":\"m\",\"input\":\"x\"}").body())
                .isEqualTo(
                        "{\"instructions\":\"Be \\\"kind\\\".\",\"model\":\"m\",\"input\":\"x\"}");
        assertThat(
                        guarded.post(
                                        "/v1/responses",
                                        "{\"model\":\"m\",\"input\":\"x\",\"instructions\":\"Rude.\"}")
                                .body())
                .contains("\"instructions\":\"Be \\\"kind\\\".\\n\\nRude.\"");
        assertThat(guarded.post("/v1/completions", "{\"model\":\"m\",\"prompt\":[\"a\"]}").body())
                .contains("[\"Be \\\"kind\\\".\\n\\na\"]");
        assertThat(guarded.post("/v1/completions", "{\"model\":\"m\",\"prompt\":[1,2]}").code())
                .isEqualTo("invalid_type");
        assertThat(guarded.post("/v1/embeddings", "{\"model\":\"m\",\"input\":\"a\"}").body())
                .isEqualTo("{\"model\":\"m\",\"input\":\"a\"}");
    }

    @Test
    void theSummarySaysWhatThePromptCosts() {
        var image = "data:image/png;base64," + "A".repeat(100_000);
        var chat =
                rewrite.post(
                        TestingRewrite.CHAT,
                        "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":["
                                + "{\"type\":\"text\",\"text\":\"What is it?\"},"
                                + "{\"type\":\"image_url\",\"image_url\":{\"url\":\""
                                + image
                                + "\"}}]}]}");
        assertThat(chat.summary().images()).isEqualTo(1);
        assertThat(chat.summary().stream()).isTrue();
        assertThat(chat.summary().storedState()).isFalse();
        assertThat(chat.summary().promptTokens()).isBetween(50L, 250L);

        var digits = rewrite.chat("\"user\":\"" + "7".repeat(1000) + "\"").summary();
        assertThat(digits.promptTokens()).isGreaterThan(1000);
        var ids = "{\"model\":\"m\",\"input\":[" + "1,".repeat(999) + "1]}";
        var rough = new TestingRewrite("{\"bytes_per_token\":4}");
        assertThat(rough.post("/v1/embeddings", ids).summary().promptTokens()).isEqualTo(1000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/chat/completions | \"messages\":[],\"conversation\":\"conv_1\" | true",
                "/v1/chat/completions | \"messages\":[],\"conversation\":null       | false",
                "/v1/responses | \"input\":\"x\",\"conversation\":{\"id\":\"conv_1\"} | true",
                "/v1/responses | \"input\":\"x\",\"previous_response_id\":\"resp_1\"  | true",
                "/v1/responses | \"input\":[{\"type\":\"item_reference\",\"id\":\"msg_1\"}] | true",
                "/v1/responses | \"input\":[{\"id\":\"msg_1\"}]                       | true",
                "/v1/responses | \"prompt\":{\"id\":\"pmpt_1\"}                       | true",
                "/v1/responses | \"input\":[{\"role\":\"user\",\"content\":\"x\"}]    | false"
            })
    void theSummarySaysWhetherMoreIsStored(String path, String members, boolean stored) {
        var summary = rewrite.post(path, "{\"model\":\"m\"," + members + "}").summary();
        assertThat(summary.storedState()).isEqualTo(stored);
    }

    @Test
    void headersAreSetRenamedAndRemoved() {
        var headers =
                new TestingRewrite(
                        """
                        {"headers": {"remove": ["X-Debug"], "set": {"X-Tier": "gold"},
                                     "rename": {"X-Old": "X-New"}}}
                        """);
        var request =
                SimulatedRequest.get("/v1/models")
                        .withHeader("X-Debug", "1")
                        .withHeader("x-old", "a")
                        .withHeader("X-Old", "b")
                        .withHeader("X-Tier", "wood");
        headers.send(request)
                .exchange()
                .upstreamHasNoHeader("X-Debug")
                .upstreamHasNoHeader("X-Old")
                .upstreamHasHeader("X-New", "a", "b")
                .upstreamHasHeader("X-Tier", "gold");
    }
}
