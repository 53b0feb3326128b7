// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kit.json.Json;
import ai.jan.kit.telemetry.ContentBudget;
import ai.jan.kit.telemetry.Tracing;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Where whoever operates the platform has opted in, spans tell what was said, and nothing else that
 * is secret. That they do not otherwise is told by the other tests of traces, and by {@link
 * SecretsIT}.
 */
@ExtendWith(SharedStack.class)
class ContentIT {
    private static final String LLM = "llm-api-lite";
    private static final String MODEL = "chat " + TestingModel.NAME;
    private static final String INPUT = "gen_ai.input.messages";
    private static final String OUTPUT = "gen_ai.output.messages";
    private static final String KEY = "sk_live_0123456789abcdef0123456789abcdef0123456789abcdef";

    private static final String SAID =
            """
            [{"role": "assistant", "parts": [
               {"type": "text", "content": "one two three four five"}], "finish_reason": "stop"}]
            """;

    private static TestingTraces traces;
    private static SecondService service;
    private static SecondService tools;

    private final ClientTrace client = ClientTrace.begin(traces);

    @BeforeAll
    static void start(SharedStack.Running running) throws Exception {
        traces = new TestingTraces();
        var settings =
                Map.of(
                        Tracing.CONTENT,
                        "SPAN_ONLY",
                        "OTEL_EXPORTER_OTLP_ENDPOINT",
                        traces.endpoint().toString(),
                        "OTEL_TRACES_SAMPLER_ARG",
                        "1.0",
                        "OTEL_BSP_SCHEDULE_DELAY",
                        "100");
        service = SecondService.llmApiLite(running.stack(), settings);
        tools = SecondService.mcpTools(running.stack(), settings);
    }

    @AfterAll
    static void stop() {
        service.close();
        tools.close();
        traces.close();
    }

    @Test
    void tellsWhatTheModelWasAskedAndWhatItSaid() throws Exception {
        var call =
                chat(
                        """
                        [{"role": "system", "content": "Be kind. My key is %s"},
                         {"role": "user", "content": [
                           {"type": "text", "text": "What is this?"},
                           {"type": "image_url", "image_url": {"url": "https://x.test/?signed=1"}}]},
                         {"role": "assistant", "tool_calls": [{"id": "c1", "type": "function",
                           "function": {"name": "look", "arguments": "{\\"near\\": true}"}}]},
                         {"role": "tool", "tool_call_id": "c1", "content": "a cat"}]
                        """
                                .formatted(KEY),
                        "");

        assertThat(messages(call, INPUT))
                .isEqualTo(
                        Json.parse(
                                """
                                [{"role": "system", "parts": [
                                   {"type": "text", "content": "Be kind. My key is ***"}]},
                                 {"role": "user", "parts": [
                                   {"type": "text", "content": "What is this?"},
                                   {"type": "image_url"}]},
                                 {"role": "assistant", "parts": [{"type": "tool_call",
                                   "id": "c1", "name": "look", "arguments": {"near": true}}]},
                                 {"role": "tool", "parts": [{"type": "tool_call_response",
                                   "id": "c1", "response": "a cat"}]}]
                                """));
        assertThat(messages(call, OUTPUT)).isEqualTo(Json.parse(SAID));
    }

    @Test
    void tellsWhatAStreamSays() throws Exception {
        var call = chat("[{\"role\":\"user\",\"content\":\"hello\"}]", ",\"stream\":true");

        assertThat(messages(call, OUTPUT)).isEqualTo(Json.parse(SAID));
    }

    @Test
    void tellsWhichFunctionAResponseCalls() throws Exception {
        service.post(
                "/v1/responses",
                service.identity(),
                client.header(),
                """
                {"model": "%s", "input": "weather?", "stream": true, "tools": [
                  {"type": "function", "name": "weather", "parameters": {"type": "object"}}]}
                """
                        .formatted(TestingModel.NAME));

        var call = client.await(LLM, MODEL);
        assertThat(messages(call, INPUT).at("/0/parts/0/content").asText()).isEqualTo("weather?");
        assertThat(messages(call, OUTPUT))
                .isEqualTo(
                        Json.parse(
                                """
                                [{"role": "assistant", "parts": [{"type": "tool_call",
                                   "id": "call_1", "name": "weather",
                                   "arguments": {"city": "Oslo"}}],
                                  "finish_reason": "tool_call"}]
                                """));
    }

    @Test
    void tellsTheEndOfWhatIsTooLong() throws Exception {
        var call =
                chat(
                        """
                        [{"role": "user", "content": "the first of all"},
                         {"role": "user", "content": "%s"},
                         {"role": "user", "content": "the last of all"}]
                        """
                                .formatted("long ".repeat(20_000)),
                        "");

        var told = messages(call, INPUT);
        assertThat(told).hasSize(2);
        assertThat(told.at("/0/parts/0/content").asText()).startsWith("long long").endsWith("…");
        assertThat(told.at("/1/parts/0/content").asText()).isEqualTo("the last of all");
        assertThat(told.toString().length()).isLessThan(ContentBudget.CHARACTERS + 1000);
    }

    @Test
    void tellsWhatAToolIsGivenAndGives() throws Exception {
        var answer =
                tools.post(
                        "/v1/mcp",
                        tools.identity(),
                        client.header(),
                        """
                        {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params":
                          {"name": "file_search_list", "arguments": {"limit": 3}}}
                        """);
        assertThat(answer.statusCode()).isEqualTo(200);

        var call = client.await("mcp-tools", "tools/call file_search_list");
        assertThat(Json.parse(call.attributes().get("gen_ai.tool.call.arguments")))
                .isEqualTo(Json.parse("{\"limit\": 3}"));
        assertThat(Json.parse(call.attributes().get("gen_ai.tool.call.result")).path("content"))
                .isNotEmpty();
    }

    @Test
    void neverTellsWhatARequestProvesItselfWith() throws Exception {
        var identity = service.identity();
        chat(identity, "[{\"role\":\"user\",\"content\":\"%s\"}]".formatted(identity), "");

        assertThat(traces.all()).isNotEmpty();
        assertThat(traces.all().toString()).doesNotContain(identity).doesNotContain(KEY);
    }

    private TestingTraces.Span chat(String messages, String more) throws Exception {
        return chat(service.identity(), messages, more);
    }

    private TestingTraces.Span chat(String identity, String messages, String more)
            throws Exception {
        var answer =
                service.post(
                        "/v1/chat/completions",
                        identity,
                        client.header(),
                        "{\"model\":\"%s\",\"messages\":%s%s}"
                                .formatted(TestingModel.NAME, messages, more));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return client.await(LLM, MODEL);
    }

    private static JsonNode messages(TestingTraces.Span call, String attribute) throws Exception {
        assertThat(call.attributes()).containsKey(attribute);
        return Json.parse(call.attributes().get(attribute));
    }
}
