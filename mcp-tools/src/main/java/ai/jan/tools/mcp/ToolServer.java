// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.mcp;

import ai.jan.kit.identity.Identity;
import ai.jan.kit.json.Json;
import ai.jan.kit.telemetry.Span;
import ai.jan.tools.tool.Access;
import ai.jan.tools.tool.Answer;
import ai.jan.tools.tool.Arguments;
import ai.jan.tools.tool.Guarded;
import ai.jan.tools.tool.ToolFailure;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.json.schema.JsonSchemaValidator;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpStatelessServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpStatelessSyncServer;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpStatelessServerTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The MCP SDK's server with our tools. A caller sees the tools that {@link Access} gives them; one
 * they do not see does not exist for them. Thread-safe.
 */
public final class ToolServer implements AutoCloseable {
    /** Where the transport leaves the caller. */
    static final String CALLER = "caller";

    /** Where it leaves the span of the message. */
    static final String SPAN = "span";

    private static final McpJsonMapper MAPPER = McpJsonDefaults.getMapper();
    private static final JsonSchemaValidator SCHEMAS = McpJsonDefaults.getSchemaValidator();
    private static final TypeRef<Map<String, Object>> MAP = new TypeRef<>() {};

    private final McpStatelessSyncServer server;
    private final Access access;

    /**
     * @param transport gets the server's handler
     * @param version of this program
     */
    public ToolServer(McpStatelessServerTransport transport, Access access, String version) {
        this.access = access;
        this.server =
                McpServer.sync(transport)
                        .serverInfo("jan-mcp-tools", version)
                        .capabilities(McpSchema.ServerCapabilities.builder().tools(false).build())
                        // On the request's own thread, not on a pool of the SDK's.
                        .immediateExecution(true)
                        // Here, after it is known that the caller may know of the tool.
                        .validateToolInputs(false)
                        .addToolFilter(
                                (context, tool) -> access.admits(roles(context), tool.name()))
                        .build();
    }

    /** Offers a tool; one of that name is replaced. */
    public void add(Guarded tool) {
        var definition = read(tool.definition().json(), McpSchema.Tool.class);
        server.addTool(
                new SyncToolSpecification(
                        definition,
                        (context, request) ->
                                call(tool, definition.inputSchema(), context, request)));
    }

    /** Offers it no longer. */
    public void remove(String name) {
        server.removeTool(name);
    }

    @Override
    public void close() {
        server.close();
    }

    private CallToolResult call(
            Guarded tool,
            Map<String, Object> schema,
            McpTransportContext context,
            CallToolRequest request) {
        var name = tool.definition().name();
        if (!access.admits(roles(context), name)) {
            throw McpError.builder(McpSchema.ErrorCodes.INVALID_PARAMS)
                    .message("Unknown tool: invalid_tool_name") // as the SDK says it
                    .data("Tool not found: " + name)
                    .build();
        }
        var span = (Span) Objects.requireNonNull(context.get(SPAN));
        MessageSpan.callsTool(span, name, request.arguments());
        try {
            check(request, schema);
            return switch (tool.call(caller(context), arguments(request))) {
                case Answer.Structured(var value) ->
                        CallToolResult.builder()
                                .structuredContent(map(value))
                                .addTextContent(Json.text(value))
                                .isError(false)
                                .build();
                case Answer.Foreign(var result) -> read(result, CallToolResult.class);
            };
        } catch (ToolFailure e) {
            span.with("jan.tool.failure", e.kind().name().toLowerCase(Locale.ROOT));
            return failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed(ToolFailure.backend("The server is stopping. Try again."));
        }
    }

    /** What the schema's validator says names the argument. */
    private static void check(CallToolRequest request, Map<String, Object> schema) {
        @Nullable Map<String, Object> given = request.arguments();
        var outcome = SCHEMAS.validate(schema, given == null ? Map.of() : given);
        if (!outcome.valid()) {
            throw ToolFailure.refused("The arguments are wrong. " + outcome.errorMessage());
        }
    }

    private static CallToolResult failed(ToolFailure failure) {
        return CallToolResult.builder()
                .addTextContent(Objects.requireNonNull(failure.getMessage()))
                .isError(true)
                .build();
    }

    private static Arguments arguments(CallToolRequest request) {
        @Nullable Map<String, Object> given = request.arguments();
        try {
            return new Arguments(
                    given == null ? Json.object() : (ObjectNode) Json.parse(Json.bytes(given)));
        } catch (IOException e) {
            throw new UncheckedIOException("what was JSON is JSON", e);
        }
    }

    private static Identity caller(McpTransportContext context) {
        return (Identity) Objects.requireNonNull(context.get(CALLER));
    }

    private static Set<String> roles(McpTransportContext context) {
        return caller(context).roles();
    }

    private static Map<String, Object> map(JsonNode json) {
        try {
            return MAPPER.readValue(Json.text(json), MAP);
        } catch (IOException e) {
            throw new UncheckedIOException("what was JSON is JSON", e);
        }
    }

    private static <T> T read(JsonNode json, Class<T> type) {
        try {
            return MAPPER.readValue(Json.text(json), type);
        } catch (IOException e) {
            throw new UncheckedIOException("not a " + type.getSimpleName(), e);
        }
    }
}
