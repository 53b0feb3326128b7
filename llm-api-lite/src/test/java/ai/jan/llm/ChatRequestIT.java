// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.llm.TestingLlmApi.Caller;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a request, in OpenAI's codes. */
@Timeout(60)
class ChatRequestIT {
    @AutoClose private static final TestingService service = TestingService.start();
    private static final Caller alice = service.alice();

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
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"},{\"role\":\"assistant\",\"content\":null}]} | missing_required_parameter | messages[1].content",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[]}]} | empty_array | messages[0].content",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"function\",\"content\":\"x\"}]} | missing_required_parameter | messages[0].name",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}]} | missing_required_parameter | messages[0].content[0].image_url",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{}}]}]} | missing_required_parameter | messages[0].content[0].image_url.url",
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
                "\"seed\":99999999999999999999 | integer_above_max_value | seed",
                "\"seed\":1.5 | invalid_type | seed",
                "\"stop\":7 | invalid_type | stop",
                "\"stop\":[\"a\",7] | invalid_type | stop[1]",
                "\"stop\":[\"a\",\"b\",\"c\",\"d\",\"e\"] | array_above_max_length | stop",
                "\"logit_bias\":[] | invalid_type | logit_bias",
                "\"logit_bias\":{\"50256\":101} | decimal_above_max_value | logit_bias.50256",
                "\"logprobs\":1 | invalid_type | logprobs",
                "\"top_logprobs\":5 | invalid_value | top_logprobs",
                "\"logprobs\":true,\"top_logprobs\":21 | integer_above_max_value | top_logprobs",
                "\"functions\":[{}] | missing_required_parameter | functions[0].name",
                "\"tools\":{} | invalid_type | tools",
                "\"tools\":[{\"function\":{\"name\":\"f\"}}] | missing_required_parameter | tools[0].type",
                "\"tools\":[{\"type\":\"web_search\"}] | invalid_value | tools[0].type",
                "\"tools\":[{\"type\":\"function\"}] | missing_required_parameter | tools[0].function",
                "\"tools\":[{\"type\":\"function\",\"function\":{}}] | missing_required_parameter | tools[0].function.name",
                "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"\"}}] | empty_string | tools[0].function.name",
                "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":\"x\"}}] | invalid_type | tools[0].function.parameters",
                "\"tool_choice\":\"any\" | invalid_value | tool_choice",
                "\"tool_choice\":{\"type\":\"function\"} | missing_required_parameter | tool_choice.function",
                "\"parallel_tool_calls\":1 | invalid_type | parallel_tool_calls",
                "\"response_format\":\"json\" | invalid_type | response_format",
                "\"response_format\":{\"type\":\"xml\"} | invalid_value | response_format.type",
                "\"response_format\":{\"type\":\"json_schema\"} | missing_required_parameter | response_format.json_schema",
                "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{}} | missing_required_parameter | response_format.json_schema.name",
                "\"reasoning_effort\":\"very\" | invalid_value | reasoning_effort",
                "\"verbosity\":1 | invalid_type | verbosity",
                "\"modalities\":[1] | invalid_type | modalities[0]",
                "\"service_tier\":\"best\" | invalid_value | service_tier",
                "\"user\":1 | invalid_type | user",
                "\"safety_identifier\":\"12345678901234567890123456789012345678901234567890123456789012345\" | string_above_max_length | safety_identifier",
                "\"stream\":true,\"stream_options\":{\"bogus\":1} | unknown_parameter | stream_options.bogus",
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

    @Test
    void saysWhatMayHaveBeenMeant() throws Exception {
        var body =
                TestingLlmApi.chatBody(
                        "x", ",\"stream\":true,\"stream_options\":{\"include_usag\":true}");
        var reply = alice.post("/v1/chat/completions", body);
        assertThat(reply.error().path("message").asText())
                .isEqualTo(
                        "Unknown parameter: 'stream_options.include_usag'. Did you mean 'include_usage'?");
    }

    private static void assertFault(String body, String code, String param) throws Exception {
        var reply = alice.post("/v1/chat/completions", body);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.error().path("code").textValue()).isEqualTo(code);
        assertThat(reply.error().path("param").textValue()).isEqualTo(param);
        assertThat(reply.error().path("type").asText()).isEqualTo("invalid_request_error");
        assertThat(reply.error().path("message").asText()).isNotBlank();
    }
}
