// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools;

import ai.jan.kit.http.HttpSettings;
import ai.jan.kit.identity.Identity;
import ai.jan.kit.identity.IdentityKey;
import ai.jan.kit.identity.IdentitySigner;
import ai.jan.kit.identity.IdentityVerifier;
import ai.jan.kit.json.Json;
import ai.jan.kit.metrics.Metrics;
import ai.jan.kit.telemetry.Telemetry;
import ai.jan.kit.telemetry.Tracing;
import ai.jan.tools.bridge.UpstreamConfig;
import ai.jan.tools.mcp.HttpRules;
import ai.jan.tools.tool.Access;
import ai.jan.tools.tool.Tool;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** The real service on a free port, and callers of it that the gateway would have let in. */
final class TestingMcpTools implements AutoCloseable {
    static final IdentityKey KEY = IdentityKey.of("k".repeat(32));
    static final IdentityKey PREVIOUS = IdentityKey.of("p".repeat(32));
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final McpTools service;
    final Metrics metrics;

    private TestingMcpTools(McpTools service, Metrics metrics) {
        this.service = service;
        this.metrics = metrics;
    }

    static TestingMcpTools start(Tool... tools) throws IOException {
        return start(Access.DEFAULT, List.of(), tools);
    }

    static TestingMcpTools start(Access access, List<UpstreamConfig> upstreams, Tool... tools)
            throws IOException {
        var metrics = new Metrics();
        var clock = Clock.systemUTC();
        var callers =
                new Callers(new IdentityVerifier(Callers.AUDIENCE, List.of(KEY, PREVIOUS), clock));
        return new TestingMcpTools(
                McpTools.start(
                        new HttpSettings("127.0.0.1", 0),
                        new HttpRules(Set.of("mcp-tools"), Set.of("https://chat.example.com")),
                        callers,
                        access,
                        new HealthRoutes(() -> true),
                        new Toolbox(Arrays.asList(tools), upstreams, metrics.tools(), clock),
                        new Telemetry(metrics, Tracing.OFF)),
                metrics);
    }

    URI uri() {
        return service.http().uri();
    }

    URI endpoint() {
        return uri().resolve("/v1/mcp");
    }

    /** Somebody with this subject and these roles. */
    Caller caller(String subject, String... roles) {
        return new Caller(identity(subject, roles));
    }

    static String identity(String subject, String... roles) {
        return new IdentitySigner(Callers.AUDIENCE, KEY, Clock.systemUTC())
                .sign(who(subject, roles));
    }

    static Identity who(String subject, String... roles) {
        return new Identity(
                subject,
                Identity.Method.API_KEY,
                Set.of(roles),
                Set.of(),
                "user",
                null,
                null,
                "req-of-" + subject);
    }

    @Override
    public void close() {
        service.close();
    }

    /** An answer: its status, its headers, and its message. */
    record Reply(int status, HttpResponse<String> http) {
        JsonNode json() throws IOException {
            var body = http.body();
            return Json.parse(
                    body.startsWith("event:") ? body.substring(body.indexOf("data: ") + 6) : body);
        }
    }

    /** Somebody who sends one identity header with every request. */
    final class Caller {
        private final String identity;

        Caller(String identity) {
            this.identity = identity;
        }

        Reply post(String body, String... headers) throws IOException, InterruptedException {
            var all = new ArrayList<>(List.of(headers));
            if (!all.contains("Content-Type")) {
                all.addAll(List.of("Content-Type", "application/json"));
            }
            var request =
                    HttpRequest.newBuilder(endpoint())
                            .timeout(Duration.ofSeconds(60))
                            .header(Identity.HEADER, identity)
                            .headers(all.toArray(String[]::new))
                            .POST(HttpRequest.BodyPublishers.ofString(body));
            var answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Reply(answer.statusCode(), answer);
        }

        /** The result of {@code tools/call}, or the error of JSON-RPC. */
        JsonNode call(String tool, ObjectNode arguments) throws IOException, InterruptedException {
            var message = Json.object().put("jsonrpc", "2.0").put("id", 1);
            message.put("method", "tools/call");
            message.putObject("params").put("name", tool).set("arguments", arguments);
            var answer = post(Json.text(message)).json();
            return answer.has("result") ? answer.path("result") : answer.path("error");
        }

        /** The names of the tools that are offered. */
        List<String> tools() throws IOException, InterruptedException {
            var answer = post("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}").json();
            var names = new ArrayList<String>();
            answer.path("result").path("tools").forEach(t -> names.add(t.path("name").asText()));
            return names;
        }
    }
}
