// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.conformance.TestingTraces.Span;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A response and a conversation have the steps in their traces that a chat has. */
@ExtendWith(SharedStack.class)
class ResponseTracesIT {
    private static final String LLM = "llm-api-lite";
    private static final String RESPONSE = "POST /v1/responses";
    private static final String MODEL = "chat " + TestingModel.NAME;
    private static final String TOOL =
            "[{\"type\":\"function\",\"name\":\"weather\",\"parameters\":{\"type\":\"object\"}}]";

    private static TestingModel model;
    private static TestingTraces traces;
    private static URI url;
    private static String credential;

    @BeforeAll
    static void start(SharedStack.Running running) throws Exception {
        model = running.model();
        traces = running.traces();
        url = running.stack().gateway();
        credential = "Bearer " + running.stack().apiKey();
    }

    @Test
    void aResponseHasTheStepsOfAChat() throws Exception {
        var client = ask("");

        var request = client.await(LLM, RESPONSE);
        assertThat(request.parent()).isEqualTo(client.span());
        assertSteps(client, request);
        var call = assertCall(client, request);
        assertThat(call.events()).isEmpty();
        assertThat(call.attributes())
                .containsEntry("gen_ai.usage.output_tokens", "5")
                .containsEntry("gen_ai.response.finish_reasons", "stop")
                .containsKey("gen_ai.usage.input_tokens");
        assertThat(model.lastTraceparent())
                .isEqualTo("00-" + client.id() + "-" + call.id() + "-01");
    }

    @Test
    void aStreamedResponseShowsWhenItBegan() throws Exception {
        var client = ask(",\"stream\":true");

        var request = client.await(LLM, RESPONSE);
        assertSteps(client, request);
        var call = assertCall(client, request);
        assertThat(call.events()).containsExactly("gen_ai.first_token");
        assertThat(call.attributes())
                .containsEntry("gen_ai.usage.output_tokens", "5")
                .containsEntry("gen_ai.response.finish_reasons", "stop");
        assertThat(client.await(LLM, "stream").parent()).isEqualTo(call.id());
    }

    @Test
    void aCallOfAFunctionIsAnAnswerLikeAnother() throws Exception {
        var client = ask(",\"stream\":true,\"tools\":" + TOOL);

        var request = client.await(LLM, RESPONSE);
        assertSteps(client, request);
        var call = assertCall(client, request);
        assertThat(call.events()).containsExactly("gen_ai.first_token");
        assertThat(call.attributes())
                .containsEntry("gen_ai.response.finish_reasons", "tool_calls")
                .doesNotContainKeys("gen_ai.usage.output_tokens", "gen_ai.output.messages");
        assertThat(client.await(LLM, "stream").parent()).isEqualTo(call.id());
    }

    @Test
    void aConversationShowsWhatIsLoadedAndStored() throws Exception {
        var made = ClientTrace.begin(traces);
        var id = id(post(made, "/v1/conversations", "{}").body());
        assertSteps(made, made.await(LLM, "POST /v1/conversations"), "validate", "store");

        var items = "/v1/conversations/" + id + "/items";
        var added = ClientTrace.begin(traces);
        post(
                added,
                items,
                "{\"items\":[{\"type\":\"message\",\"role\":\"user\",\"content\":\"hello\"}]}");
        var route = " /v1/conversations/{id}/items";
        assertSteps(added, added.await(LLM, "POST" + route), "validate", "store");

        var read = ClientTrace.begin(traces);
        send(read, HttpRequest.newBuilder(url.resolve(items)).GET());
        assertSteps(read, read.await(LLM, "GET" + route), "load history");

        var said = ask(",\"conversation\":\"" + id + "\"");
        assertSteps(said, said.await(LLM, RESPONSE));
    }

    private static void assertSteps(ClientTrace client, Span request) throws Exception {
        assertSteps(
                client, request, "validate", "load history", "choose backend", "store", "settle");
    }

    private static void assertSteps(ClientTrace client, Span request, String... steps)
            throws Exception {
        for (var step : steps) {
            assertThat(client.await(LLM, step).parent()).as(step).isEqualTo(request.id());
        }
    }

    private static Span assertCall(ClientTrace client, Span request) throws Exception {
        var call = client.await(LLM, MODEL);
        assertThat(call.parent()).isEqualTo(request.id());
        assertThat(call.isCall()).isTrue();
        assertThat(call.isFailed()).isFalse();
        assertThat(call.attributes())
                .containsEntry("gen_ai.operation.name", "chat")
                .containsEntry("gen_ai.request.model", TestingModel.NAME)
                .containsKeys("gen_ai.provider.name", "server.address", "server.port");
        return call;
    }

    /** Asks for a response that is paid for. */
    private static ClientTrace ask(String more) throws Exception {
        var request = "{\"model\":\"%s\",\"input\":\"hello\"%s}";
        for (int i = 0; i < 20; i++) {
            var client = ClientTrace.begin(traces);
            var answer = post(client, "/v1/responses", request.formatted(TestingModel.NAME, more));
            if (ClientTrace.isReserved(answer.headers())) {
                return client;
            }
        }
        throw new AssertionError("the ledger never answers in time");
    }

    private static String id(String json) {
        return json.replaceFirst("(?s).*?\"id\":\"([^\"]+)\".*", "$1");
    }

    private static HttpResponse<String> post(ClientTrace client, String path, String body)
            throws Exception {
        return send(
                client,
                HttpRequest.newBuilder(url.resolve(path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static HttpResponse<String> send(ClientTrace client, HttpRequest.Builder request)
            throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            var answer =
                    http.send(
                            request.timeout(Gateway.BOUND)
                                    .header("Authorization", credential)
                                    .header("traceparent", client.header())
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return answer;
        }
    }
}
