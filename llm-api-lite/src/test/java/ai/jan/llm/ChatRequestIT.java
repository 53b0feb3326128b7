// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.database.TestingDatabase;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a request, in OpenAI's codes. */
@Timeout(60)
class ChatRequestIT {
    private static TestingDatabase storage;
    private static TestingLlmApi api;

    @BeforeAll
    static void start() throws IOException {
        storage = TestingDatabase.migrated();
        api =
                TestingLlmApi.start(
                        storage, TestingLlmApi.backend("one", URI.create("http://127.0.0.1:9/v1")));
    }

    @AfterAll
    static void stop() {
        api.close();
        storage.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "null",
            value = {
                "                                                            | null | null",
                "{\"model\": | null | null",
                "\uFEFF{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]} | null | null",
                "{\"model\":\"x\",\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]} | null | null",
                "[] | null | null",
                "\"text\" | null | null",
                "{} | null | null",
                "{\"model\":\"\",\"messages\":[]} | null | null",
                "{\"model\":7,\"messages\":[]} | invalid_type | model",
                "{\"model\":\"m\"} | missing_required_parameter | messages",
                "{\"model\":\"m\",\"messages\":null} | missing_required_parameter | messages",
                "{\"model\":\"m\",\"messages\":\"hi\"} | invalid_type | messages",
                "{\"model\":\"m\",\"messages\":[]} | empty_array | messages",
                "{\"model\":\"m\",\"messages\":[1]} | invalid_type | messages[0]",
                "{\"model\":\"m\",\"messages\":[{\"content\":\"x\"}]} | missing_required_parameter | messages[0].role",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"boss\",\"content\":\"x\"}]} | invalid_value | messages[0].role",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\"}]} | missing_required_parameter | messages[0].content",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":5}]} | invalid_type | messages[0].content",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[null]}]} | invalid_type | messages[0].content[0]",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{}]}]} | missing_required_parameter | messages[0].content[0].type",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\"}]}]} | missing_required_parameter | messages[0].content[0].text",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":7}]}]} | invalid_type | messages[0].content[0].text",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\",\"name\":{}}]} | invalid_type | messages[0].name",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"tool\",\"content\":\"x\"}]} | missing_required_parameter | messages[0].tool_call_id",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[7]}]} | invalid_type | messages[0].tool_calls[0]",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"c\",\"type\":\"function\"}]}]} | missing_required_parameter | messages[0].tool_calls[0].function",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[]}]} | empty_array | messages[0].tool_calls",
            })
    void bodiesWithAFault(String body, String code, String param) throws Exception {
        assertFault(body == null ? "" : body, code, param);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"stream\":\"yes\" | invalid_type | stream",
                "\"n\":0 | integer_below_min_value | n",
                "\"n\":129 | integer_above_max_value | n",
                "\"n\":1.5 | invalid_type | n",
                "\"max_tokens\":0 | integer_below_min_value | max_tokens",
                "\"max_tokens\":99999999999999999999 | integer_above_max_value | max_tokens",
                "\"max_tokens\":-99999999999999999999 | integer_below_min_value | max_tokens",
                "\"max_completion_tokens\":\"5\" | invalid_type | max_completion_tokens",
                "\"temperature\":2.1 | decimal_above_max_value | temperature",
                "\"temperature\":-0.1 | decimal_below_min_value | temperature",
                "\"temperature\":1e400 | decimal_above_max_value | temperature",
                "\"temperature\":\"hot\" | invalid_type | temperature",
                "\"top_p\":1.01 | decimal_above_max_value | top_p",
                "\"frequency_penalty\":-3 | decimal_below_min_value | frequency_penalty",
                "\"stream_options\":{} | invalid_value | stream_options",
                "\"stream\":true,\"stream_options\":1 | invalid_type | stream_options",
                "\"store\":\"no\" | invalid_type | store",
                "\"metadata\":[] | invalid_type | metadata",
                "\"metadata\":{\"a\":1} | invalid_type | metadata.a",
                "\"conversation\":7 | invalid_type | conversation",
                "\"conversation\":{\"id\":7} | invalid_type | conversation.id",
            })
    void membersWithAFault(String member, String code, String param) throws Exception {
        assertFault(TestingLlmApi.chatBody("x", "," + member), code, param);
    }

    private static void assertFault(String body, String code, String param) throws Exception {
        var reply = api.caller("alice").post("/v1/chat/completions", body);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.error().path("code").textValue()).isEqualTo(code);
        assertThat(reply.error().path("param").textValue()).isEqualTo(param);
        assertThat(reply.error().path("type").asText()).isEqualTo("invalid_request_error");
        assertThat(reply.error().path("message").asText()).isNotBlank();
    }
}
