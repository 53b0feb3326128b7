// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.conformance.TestingTraces.Span;
import ai.jan.kit.json.Json;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One request is one trace, from the client to the model server. */
@ExtendWith(SharedStack.class)
class TracesIT {
    private static final String LLM = "llm-api-lite";
    private static final String PLUGINS = "kong-plugins";
    private static final String CHAT = "POST /v1/chat/completions";
    private static final String MODEL = "chat " + TestingModel.NAME;

    private static TestingStack stack;
    private static TestingModel model;
    private static TestingTraces traces;
    private static Gateway gateway;

    /** A trace that a client has begun. */
    private final String trace = random(16);

    private final String client = random(8);

    @BeforeAll
    static void start(SharedStack.Running running) throws Exception {
        stack = running.stack();
        model = running.model();
        traces = running.traces();
        gateway = new Gateway(stack.gateway());
    }

    @Test
    void followsAChatFromTheClientToTheModelServer() throws Exception {
        var reply = chat("hello", "");
        assertThat(reply.status()).isEqualTo(200);

        var request = await(LLM, CHAT);
        assertThat(request.parent()).isEqualTo(client);
        assertThat(request.attributes())
                .containsEntry("http.route", "/v1/chat/completions")
                .containsEntry("http.request.method", "POST")
                .containsEntry("http.response.status_code", "200")
                .containsEntry("jan.request.client_id", id(reply));
        for (var plugin : new String[] {"jan-auth", "jan-rewrite", "jan-quota"}) {
            var event = await(PLUGINS, plugin + " access");
            assertThat(event.parent()).as(plugin).isEqualTo(client);
            assertThat(event.attributes())
                    .containsEntry("jan.request.id", request.attributes().get("jan.request.id"));
        }
        for (var step :
                new String[] {"validate", "load history", "choose backend", "store", "settle"}) {
            assertThat(await(LLM, step).parent()).as(step).isEqualTo(request.id());
        }
        var call = await(LLM, MODEL);
        assertThat(call.parent()).isEqualTo(request.id());
        assertThat(call.isCall()).isTrue();
        assertThat(call.isFailed()).isFalse();
        assertThat(call.attributes())
                .containsEntry("gen_ai.operation.name", "chat")
                .containsEntry("gen_ai.request.model", TestingModel.NAME)
                .containsEntry("gen_ai.usage.output_tokens", "5")
                .containsEntry("server.address", "127.0.0.1")
                .containsKeys("gen_ai.usage.input_tokens", "gen_ai.provider.name", "server.port");
        assertThat(model.lastTraceparent()).isEqualTo("00-" + trace + "-" + call.id() + "-01");
    }

    @Test
    void showsWhenAStreamBegan() throws Exception {
        chat("hello", ",\"stream\":true");

        var call = await(LLM, MODEL);
        assertThat(call.events()).containsExactly("gen_ai.first_token");
        assertThat(await(LLM, "stream").parent()).isEqualTo(call.id());
    }

    @Test
    void showsACallOfATool() throws Exception {
        gateway.post(
                "/v1/mcp",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":"
                        + "{\"name\":\"file_search_list\",\"arguments\":{}}}",
                "Authorization",
                "Bearer " + stack.apiKey(),
                "Accept",
                "application/json, text/event-stream",
                "traceparent",
                traceparent());

        var request = await("mcp-tools", "POST /v1/mcp");
        assertThat(request.parent()).isEqualTo(client);
        var call = await("mcp-tools", "tools/call file_search_list");
        assertThat(call.parent()).isEqualTo(request.id());
        assertThat(call.attributes())
                .containsEntry("mcp.method.name", "tools/call")
                .containsEntry("gen_ai.operation.name", "execute_tool")
                .containsEntry("gen_ai.tool.name", "file_search_list");
        assertThat(await(PLUGINS, "jan-quota access").parent()).isEqualTo(client);
    }

    @Test
    void showsWhoRefusesARequestForWantOfQuota() throws Exception {
        var token = gateway.post("/auth/guest-login", "").body().path("access_token").asText();
        int status = 200;
        for (int i = 0; i < 25 && status == 200; i++) {
            status = chat(token, "hello", "").status();
        }
        assertThat(status).isEqualTo(429);

        var refused =
                traces.await(span ->
                        span.trace().equals(trace)
                                && span.isOf(PLUGINS, "jan-quota access")
                                && "429"
                                        .equals(
                                                span.attributes()
                                                        .get("http.response.status_code")));
        assertThat(refused.parent()).isEqualTo(client);
        assertThat(refused.isFailed()).as("a refusal is no fault").isFalse();
        assertThat(traces.all())
                .noneMatch(span ->
                        span.service().equals(LLM)
                                && refused.attributes()
                                        .get("jan.request.id")
                                        .equals(span.attributes().get("jan.request.id")));
    }

    @Test
    void showsThatAModelServerFails() throws Exception {
        chat("overloaded", "").isOpenAiError(503);

        var call = await(LLM, MODEL);
        assertThat(call.isFailed()).isTrue();
        assertThat(call.attributes()).containsEntry("error.type", "503");
        var request = await(LLM, CHAT);
        assertThat(request.isFailed()).isTrue();
        assertThat(request.attributes()).containsEntry("http.response.status_code", "503");
    }

    @Test
    void aRequestWithoutATraceBeginsOne() throws Exception {
        var reply = gateway.get("/v1/models", "Authorization", "Bearer " + stack.apiKey());

        var known = id(reply);
        var request =
                traces.await(span -> known.equals(span.attributes().get("jan.request.client_id")));
        var id = request.attributes().get("jan.request.id");
        var root = awaitOf(id, "jan-auth access");
        assertThat(root.parent()).isEmpty();
        for (var name : new String[] {"jan-rewrite access", "jan-quota access", "GET /v1/models"}) {
            var span = awaitOf(id, name);
            assertThat(span.trace()).as(name).isEqualTo(root.trace());
            assertThat(span.parent()).as(name).isEqualTo(root.id());
        }
    }

    private Gateway.Reply chat(String text, String more) throws Exception {
        return chat(stack.apiKey(), text, more);
    }

    private Gateway.Reply chat(String credential, String text, String more) throws Exception {
        return gateway.post(
                "/v1/chat/completions",
                "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":%s}]%s}"
                        .formatted(TestingModel.NAME, Json.text(text), more),
                "Authorization",
                "Bearer " + credential,
                "traceparent",
                traceparent());
    }

    /** As the client knows it. */
    private static String id(Gateway.Reply reply) {
        return reply.headers().firstValue("X-Request-Id").orElseThrow();
    }

    private Span await(String service, String name) throws InterruptedException {
        return traces.await(span -> span.trace().equals(trace) && span.isOf(service, name));
    }

    private static Span awaitOf(String requestId, String name) throws InterruptedException {
        return traces.await(span ->
                span.name().equals(name)
                        && requestId.equals(span.attributes().get("jan.request.id")));
    }

    private String traceparent() {
        return "00-" + trace + "-" + client + "-01";
    }

    private static String random(int size) {
        var bytes = new byte[size];
        ThreadLocalRandom.current().nextBytes(bytes);
        bytes[0] |= 1;
        return HexFormat.of().formatHex(bytes);
    }
}
