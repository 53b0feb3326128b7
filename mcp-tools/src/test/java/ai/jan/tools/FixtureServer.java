// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools;

import ai.jan.kit.http.HttpServer;
import ai.jan.kit.http.HttpSettings;
import ai.jan.kit.http.Router;
import ai.jan.kit.json.Json;
import ai.jan.tools.mcp.HttpRules;
import ai.jan.tools.mcp.McpRoute;
import com.fasterxml.jackson.databind.JsonNode;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpStatelessServerFeatures.SyncCompletionSpecification;
import io.modelcontextprotocol.server.McpStatelessServerFeatures.SyncPromptSpecification;
import io.modelcontextprotocol.server.McpStatelessServerFeatures.SyncResourceSpecification;
import io.modelcontextprotocol.server.McpStatelessServerFeatures.SyncResourceTemplateSpecification;
import io.modelcontextprotocol.server.McpStatelessServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.spec.McpSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Our endpoint with what the official conformance suite asks for by name (fixtures.json). Everybody
 * is let in: the suite has no credentials. Prints its address and ends with its standard input.
 */
final class FixtureServer {
    private static final JsonNode FIXTURES = fixtures();

    private FixtureServer() {}

    @SuppressWarnings("SystemOut") // it is the output of this program
    public static void main(String[] arguments) throws IOException {
        var route =
                new McpRoute(
                        new HttpRules(Set.of(), Set.of()),
                        _ -> TestingMcpTools.who("suite", "user"));
        var server =
                McpServer.sync(route)
                        .serverInfo("fixtures", "1")
                        .capabilities(
                                McpSchema.ServerCapabilities.builder()
                                        .tools(false)
                                        .resources(false, false)
                                        .prompts(false)
                                        .completions()
                                        .build())
                        .immediateExecution(true)
                        .tools(tools())
                        .resources(resources())
                        .resourceTemplates(templates())
                        .prompts(prompts())
                        .completions(completions())
                        .build();
        try (var http =
                HttpServer.start(
                        new HttpSettings("127.0.0.1", 0), new Router().post("/v1/mcp", route))) {
            System.out.println(http.uri().resolve("/v1/mcp"));
            while (System.in.read() >= 0) {
                // until whoever started it has gone
            }
        }
        server.close();
    }

    private static List<SyncToolSpecification> tools() {
        return all(
                "tools",
                fixture ->
                        new SyncToolSpecification(
                                read(fixture.path("definition"), McpSchema.Tool.class, Map.of()),
                                (_, _) ->
                                        read(
                                                fixture.path("result"),
                                                McpSchema.CallToolResult.class,
                                                Map.of())));
    }

    private static List<SyncResourceSpecification> resources() {
        return all(
                "resources",
                fixture ->
                        new SyncResourceSpecification(
                                read(
                                        fixture.path("definition"),
                                        McpSchema.Resource.class,
                                        Map.of()),
                                (_, _) -> contents(fixture, Map.of())));
    }

    private static List<SyncResourceTemplateSpecification> templates() {
        return all(
                "templates",
                fixture ->
                        new SyncResourceTemplateSpecification(
                                read(
                                        fixture.path("definition"),
                                        McpSchema.ResourceTemplate.class,
                                        Map.of()),
                                (_, request) ->
                                        contents(
                                                fixture,
                                                Map.of("id", request.uri().split("/", -1)[3]))));
    }

    private static McpSchema.ReadResourceResult contents(
            JsonNode fixture, Map<String, Object> arguments) {
        return read(fixture.path("result"), McpSchema.ReadResourceResult.class, arguments);
    }

    private static List<SyncPromptSpecification> prompts() {
        return all(
                "prompts",
                fixture ->
                        new SyncPromptSpecification(
                                read(fixture.path("definition"), McpSchema.Prompt.class, Map.of()),
                                (_, request) ->
                                        read(
                                                fixture.path("result"),
                                                McpSchema.GetPromptResult.class,
                                                request.arguments() == null
                                                        ? Map.of()
                                                        : request.arguments())));
    }

    private static List<SyncCompletionSpecification> completions() {
        return List.of(
                new SyncCompletionSpecification(
                        new McpSchema.PromptReference("test_prompt_with_arguments"),
                        (_, _) ->
                                new McpSchema.CompleteResult(
                                        new McpSchema.CompleteResult.CompleteCompletion(
                                                List.of("paris", "park"), 2, false))));
    }

    private static <T> List<T> all(String kind, Function<JsonNode, T> specification) {
        var all = new ArrayList<T>();
        FIXTURES.path(kind).forEach(fixture -> all.add(specification.apply(fixture)));
        return all;
    }

    /** With {@code {name}} replaced by the argument of that name. */
    private static <T> T read(JsonNode json, Class<T> type, Map<String, Object> arguments) {
        var text = Json.text(json);
        for (var argument : arguments.entrySet()) {
            text = text.replace("{" + argument.getKey() + "}", argument.getValue().toString());
        }
        try {
            return McpJsonDefaults.getMapper().readValue(text, type);
        } catch (IOException e) {
            throw new UncheckedIOException(type.getSimpleName(), e);
        }
    }

    private static JsonNode fixtures() {
        try (var in = FixtureServer.class.getResourceAsStream("fixtures.json")) {
            return Json.parse(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
