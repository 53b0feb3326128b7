// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kit.json.Json;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** T11: what model servers have been attacked with does not reach them. */
class ParameterFirewallTest {
    private final TestingRewrite rewrite = new TestingRewrite("{}");

    @ParameterizedTest
    @MethodSource
    void t11DangerousParametersAreRefused(String name) throws Exception {
        var refused = rewrite.chat("\"" + name + "\":null");
        assertThat(refused.code()).isEqualTo("unsupported_parameter");
        assertThat(refused.param()).isEqualTo(name);
        assertThat(refused.error().path("type").asText()).isEqualTo("invalid_request_error");
    }

    static Stream<String> t11DangerousParametersAreRefused() {
        return KnownParameters.DANGEROUS.stream().filter(name -> !name.contains("."));
    }

    @Test
    void t11DangerousParametersAreRefusedEvenIfUnknownOnesAreNot() throws Exception {
        var lenient = new TestingRewrite("{\"unknown_parameters\":\"allow\"}");
        assertThat(lenient.chat("\"guided_regex\":\"(a+)+$\"").code())
                .isEqualTo("unsupported_parameter");
        assertThat(lenient.chat("\"GUIDED_regex\":\"(a+)+$\"").status()).isEqualTo(400);
        assertThat(lenient.chat("\"zzz\":{\"a\":[1]}").body()).contains(",\"zzz\":{\"a\":[1]}}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"n\":1000000000",
                "\"n\":9",
                "\"n\":1e1",
                "\"n\":\"9\"",
                "\"n\":0",
                "\"n\":-1",
                "\"max_tokens\":0",
                "\"max_tokens\":-1",
                "\"max_tokens\":1.5",
                "\"max_completion_tokens\":\"all\"",
                "\"stream_options\":{\"continuous_usage_stats\":true}",
                "\"response_format\":{\"type\":\"structural_tag\"}",
                "\"response_format\":{\"type\":\"regex\",\"pattern\":\"(a+)+\"}",
                "\"response_format\":{\"type\":null}"
            })
    void t11NumbersAndFormatsAreKeptWithinBounds(String members) {
        assertThat(rewrite.chat(members).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(?=a)b",
                "(a)\\\\1",
                "a{101}",
                "(a{20}){20}",
                "((a{9}){9}){9}",
                "(",
                "a{1,1000}"
            })
    void t11PatternsInSchemasAreLinearAndShort(String pattern) throws Exception {
        var schema =
                "{\"type\":\"object\",\"properties\":{\"pattern\":{\"type\":\"string\",\"pattern\":\""
                        + pattern
                        + "\"}}}";
        var refused =
                rewrite.chat(
                        "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"x\","
                                + "\"schema\":"
                                + schema
                                + "}}");
        assertThat(refused.code()).isEqualTo("invalid_value");
        assertThat(refused.param()).isEqualTo("response_format");
        assertThat(
                        rewrite.chat(
                                        "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\","
                                                + "\"parameters\":"
                                                + schema
                                                + "}}]")
                                .param())
                .isEqualTo("tools");
        assertThat(
                        rewrite.post(
                                        "/v1/responses",
                                        "{\"model\":\"m\",\"input\":\"x\",\"text\":{\"format\":{"
                                                + "\"type\":\"json_schema\",\"schema\":"
                                                + schema
                                                + "}}}")
                                .param())
                .isEqualTo("text.format");
    }

    @Test
    void ordinarySchemasPass() {
        var schema =
                "{\"type\":\"object\",\"properties\":{\"pattern\":{\"type\":\"string\","
                        + "\"pattern\":\"^[a-z]{2,8}-\\\\\\\\d{4}$\"}}}";
        var members =
                "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"x\","
                        + "\"schema\":"
                        + schema
                        + "}}";
        assertThat(rewrite.chat(members).body()).contains(schema);
    }

    @Test
    void t11ManyPromptsAreRefused() throws Exception {
        var prompts = "[" + "\"a\",".repeat(32) + "\"a\"]";
        var refused =
                rewrite.post("/v1/completions", "{\"model\":\"m\",\"prompt\":" + prompts + "}");
        assertThat(refused.code()).isEqualTo("array_above_max_length");
        assertThat(refused.param()).isEqualTo("prompt");
        var lists = prompts.replace("\"a\"", "[1]");
        assertThat(
                        rewrite.post(
                                        "/v1/completions",
                                        "{\"model\":\"m\",\"prompt\":" + lists + "}")
                                .status())
                .isEqualTo(400);
        var tokens = prompts.replace("\"a\"", "1");
        assertThat(
                        rewrite.post(
                                        "/v1/completions",
                                        "{\"model\":\"m\",\"prompt\":" + tokens + "}")
                                .status())
                .isEqualTo(200);
        var inputs = "[" + "\"a\",".repeat(2048) + "\"a\"]";
        assertThat(
                        rewrite.post("/v1/embeddings", "{\"model\":\"m\",\"input\":" + inputs + "}")
                                .status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"image_url\",\"image_url\":{\"url\":\"http://169.254.169.254/\"}}",
                "{\"type\":\"image_url\",\"image_url\":\"https://example.com/a.png\"}",
                "{\"image_url\":{\"url\":\"file:///etc/passwd\"}}",
                "{\"type\":\"video_url\",\"video_url\":{\"url\":\"ftp://x\"}}",
                "{\"type\":\"audio_url\",\"audio_url\":{\"url\":\"HTTP://x\"}}",
                "{\"type\":\"tool_result\",\"content\":[{\"image_url\":{\"url\":\"//x\"}}]}",
                "{\"type\":\"image_embeds\",\"image_embeds\":\"gANj\"}"
            })
    void t11ModelServersFetchAndUnpackNothing(String part) {
        assertThat(withPart(rewrite, part).status()).isEqualTo(400);
    }

    @Test
    void theOperatorMayLetThemFetch() {
        var open = new TestingRewrite("{\"remote_media\":\"allow\"}");
        assertThat(
                        withPart(
                                        open,
                                        "{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://x\"}}")
                                .status())
                .isEqualTo(200);
        assertThat(withPart(open, "{\"image_url\":{\"url\":\"file:///etc/passwd\"}}").status())
                .isEqualTo(400);
    }

    private static TestingRewrite.Result withPart(TestingRewrite rewrite, String part) {
        return rewrite.post(
                "/v1/chat/completions",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[" + part + "]}]}");
    }

    @Test
    void unknownParametersAreRefusedStrippedOrAllowed() throws Exception {
        var refused = rewrite.chat("\"zzz\":1");
        assertThat(refused.code()).isEqualTo("unknown_parameter");
        assertThat(refused.param()).isEqualTo("zzz");
        assertThat(rewrite.chat("\"stream_options\":{\"bogus\":1}").param())
                .isEqualTo("stream_options.bogus");
        var stripping =
                new TestingRewrite(
                        """
                        {"unknown_parameters": "strip",
                         "parameters": {"top_k": "refuse", "user": "strip", "guided_json": "allow",
                                        "stream_options.continuous_usage_stats": "strip"}}
                        """);
        assertThat(
                        stripping
                                .chat(
                                        "\"a\":1, \"temperature\":1,\"user\":\"u\","
                                                + "\"guided_json\":{} ,\"b\":[2]")
                                .body())
                .endsWith("}],\"temperature\":1,\"guided_json\":{}}");
        assertThat(
                        stripping
                                .chat(
                                        "\"stream_options\":{\"include_usage\":true,"
                                                + "\"continuous_usage_stats\":true}")
                                .body())
                .endsWith("\"stream_options\":{\"include_usage\":true}}");
        assertThat(stripping.chat("\"top_k\":1").code()).isEqualTo("unknown_parameter");
    }

    @Test
    void harmlessParametersOfVllmPass() {
        var members = "\"top_k\":40,\"min_p\":0.1,\"repetition_penalty\":1.10";
        assertThat(rewrite.chat(members).body()).endsWith(members + "}");
        assertThat(
                        rewrite.post(
                                        "/v1/embeddings",
                                        "{\"model\":\"m\",\"input\":\"x\",\"top_k\":1}")
                                .status())
                .isEqualTo(400);
    }

    @Test
    void everyParameterOfTheOpenAiClientsPasses() throws Exception {
        for (var call : ModelCall.values()) {
            assertThat(KnownParameters.of(call)).contains("model", call.prompt());
        }
        assertThat(Json.parse(rewrite.chat("\"store\":true,\"conversation\":\"conv_1\"").body()))
                .isNotNull();
    }
}
