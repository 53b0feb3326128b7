// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.conformance.TestingTraces.Span;
import ai.jan.kit.json.Json;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One request is one trace, from the client to the model server. */
@ExtendWith(SharedStack.class)
class TracesIT {
    private static final String LLM = "llm-api-lite";
    private static final String PLUGINS = "kong-plugins";
    private static final String TOOLS = "mcp-tools";
    private static final String CHAT = "POST /v1/chat/completions";
    private static final String MODEL = "chat " + TestingModel.NAME;

    private static TestingStack stack;
    private static TestingModel model;
    private static TestingTraces traces;
    private static Gateway gateway;

    private ClientTrace client = ClientTrace.begin(traces);

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
        for (int i = 0; i < 20 && !ClientTrace.isReserved(reply.headers()); i++) {
            client = ClientTrace.begin(traces);
            reply = chat("hello", "");
        }
        assertThat(reply.status()).isEqualTo(200);

        var request = client.await(LLM, CHAT);
        assertThat(request.parent()).isEqualTo(client.span());
        assertThat(request.attributes())
                .containsEntry("http.route", "/v1/chat/completions")
                .containsEntry("http.request.method", "POST")
                .containsEntry("http.response.status_code", "200")
                .containsEntry("jan.request.client_id", id(reply));
        for (var plugin : new String[] {"jan-auth", "jan-rewrite", "jan-quota"}) {
            var event = client.await(PLUGINS, plugin + " access");
            assertThat(event.parent()).as(plugin).isEqualTo(client.span());
            assertThat(event.attributes())
                    .containsEntry("jan.request.id", request.attributes().get("jan.request.id"));
        }
        for (var step :
                new String[] {"validate", "load history", "choose backend", "store", "settle"}) {
            assertThat(client.await(LLM, step).parent()).as(step).isEqualTo(request.id());
        }
        var call = client.await(LLM, MODEL);
        assertThat(call.parent()).isEqualTo(request.id());
        assertThat(call.isCall()).isTrue();
        assertThat(call.isFailed()).isFalse();
        assertThat(call.attributes())
                .containsEntry("gen_ai.operation.name", "chat")
                .containsEntry("gen_ai.request.model", TestingModel.NAME)
                .containsEntry("gen_ai.usage.output_tokens", "5")
                .containsEntry("gen_ai.response.finish_reasons", "stop")
                .doesNotContainKeys("gen_ai.input.messages", "gen_ai.output.messages")
                .containsEntry("server.address", "127.0.0.1")
                .containsKeys("gen_ai.usage.input_tokens", "gen_ai.provider.name", "server.port");
        assertThat(model.lastTraceparent())
                .isEqualTo("00-" + client.id() + "-" + call.id() + "-01");
    }

    @Test
    void showsWhenAStreamBegan() throws Exception {
        chat("hello", ",\"stream\":true");

        var call = client.await(LLM, MODEL);
        assertThat(call.events()).containsExactly("gen_ai.first_token");
        assertThat(client.await(LLM, "stream").parent()).isEqualTo(call.id());
    }

    @Test
    void showsACallOfATool() throws Exception {
        mcp("tools/call", "{\"name\":\"file_search_list\",\"arguments\":{}}");

        var request = client.await(TOOLS, "POST /v1/mcp");
        assertThat(request.parent()).isEqualTo(client.span());
        var call = client.await(TOOLS, "tools/call file_search_list");
        assertThat(call.parent()).isEqualTo(request.id());
        assertThat(call.isService()).isTrue();
        assertThat(call.isFailed()).isFalse();
        assertThat(call.attributes())
                .containsEntry("mcp.method.name", "tools/call")
                .containsEntry("mcp.protocol.version", "2025-11-25")
                .containsEntry("jsonrpc.request.id", "1")
                .containsEntry("network.transport", "tcp")
                .containsEntry("gen_ai.operation.name", "execute_tool")
                .containsEntry("gen_ai.tool.name", "file_search_list")
                .doesNotContainKeys(
                        "mcp.session.id", "gen_ai.tool.call.arguments", "gen_ai.tool.call.result");
        assertThat(client.await(PLUGINS, "jan-quota access").parent()).isEqualTo(client.span());
    }

    /** SEP-414: a message may come from further away than the request that carries it. */
    @Test
    void aCallOfAToolGoesOnWithTheTraceThatTheMessageNames() throws Exception {
        var agent = ClientTrace.begin(traces);
        mcp(
                "tools/call",
                "{\"name\":\"file_search_list\",\"arguments\":{},\"_meta\":{\"traceparent\":\"%s\"}}"
                        .formatted(agent.header()));

        var call = agent.await(TOOLS, "tools/call file_search_list");
        assertThat(call.parent()).isEqualTo(agent.span());
        assertThat(call.links()).containsExactly(client.await(TOOLS, "POST /v1/mcp").id());
    }

    @Test
    void showsWhatGoesWrongWithACallOfATool() throws Exception {
        mcp("tools/call", "{\"name\":\"file_search_query\",\"arguments\":{}}");
        var failed = client.await(TOOLS, "tools/call file_search_query");
        assertThat(failed.isFailed()).isTrue();
        assertThat(failed.attributes())
                .containsEntry("error.type", "tool_error")
                .containsEntry("jan.tool.failure", "refused");

        mcp("tools/call", "{\"name\":\"%s\",\"arguments\":{}}".formatted("no_such_tool"));
        var unknown = client.await(TOOLS, "tools/call");
        assertThat(unknown.isFailed()).isTrue();
        assertThat(unknown.attributes())
                .containsEntry("error.type", "-32602")
                .containsEntry("rpc.response.status_code", "-32602")
                .doesNotContainKey("gen_ai.tool.name");
    }

    @Test
    void otherMessagesOfMcpHaveSpansToo() throws Exception {
        mcp("tools/list", "{}");
        mcp("a method that the client made up", "{}");

        assertThat(client.await(TOOLS, "tools/list").attributes())
                .containsEntry("mcp.method.name", "tools/list")
                .doesNotContainKey("gen_ai.operation.name");
        assertThat(client.await(TOOLS, "_OTHER").attributes())
                .containsEntry("error.type", "-32601");
    }

    @Test
    void showsWhoRefusesARequestForWantOfQuota() throws Exception {
        var token = gateway.post("/auth/guest-login", "").body().path("access_token").asText();
        int status = 200;
        for (int i = 0; i < 60 && status != 429; i++) { // 503: the ledger is slow on a busy machine
            status = chat(token, "hello", "").status();
        }
        assertThat(status).isEqualTo(429);

        var refused =
                traces.await(span ->
                        span.trace().equals(client.id())
                                && span.isOf(PLUGINS, "jan-quota access")
                                && "429"
                                        .equals(
                                                span.attributes()
                                                        .get("http.response.status_code")));
        assertThat(refused.parent()).isEqualTo(client.span());
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

        var call = client.await(LLM, MODEL);
        assertThat(call.isFailed()).isTrue();
        assertThat(call.attributes()).containsEntry("error.type", "503");
        var request = client.await(LLM, CHAT);
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

    private void mcp(String method, String params) throws Exception {
        gateway.post(
                "/v1/mcp",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":%s}"
                        .formatted(method, params),
                "Authorization",
                "Bearer " + stack.apiKey(),
                "Accept",
                "application/json, text/event-stream",
                "MCP-Protocol-Version",
                "2025-11-25",
                "traceparent",
                client.header());
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
                client.header());
    }

    /** As the client knows it. */
    private static String id(Gateway.Reply reply) {
        return reply.headers().firstValue("X-Request-Id").orElseThrow();
    }

    private static Span awaitOf(String requestId, String name) throws InterruptedException {
        return traces.await(span ->
                span.name().equals(name)
                        && requestId.equals(span.attributes().get("jan.request.id")));
    }
}
