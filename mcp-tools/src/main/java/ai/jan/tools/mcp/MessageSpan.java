// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.mcp;

import ai.jan.kit.telemetry.ContentBudget;
import ai.jan.kit.telemetry.Span;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The span of one message, by <a
 * href="https://github.com/open-telemetry/semantic-conventions-genai/blob/main/docs/gen-ai/mcp.md">OpenTelemetry's
 * conventions for MCP</a>. Nothing that a client may word freely is in it.
 */
final class MessageSpan {
    private static final Set<String> METHODS =
            Set.of(
                    McpSchema.METHOD_INITIALIZE,
                    McpSchema.METHOD_NOTIFICATION_INITIALIZED,
                    "notifications/cancelled",
                    McpSchema.METHOD_PING,
                    McpSchema.METHOD_TOOLS_LIST,
                    McpSchema.METHOD_TOOLS_CALL);
    private static final McpJsonMapper MAPPER = McpJsonDefaults.getMapper();
    private static final String UNKNOWN = "_OTHER";

    private MessageSpan() {}

    /**
     * Begins it. Its parent is what {@code _meta} names, by SEP-414, or else the request over HTTP.
     *
     * @param request over HTTP
     * @param version of the protocol, empty if the client does not say
     */
    static Span begin(Span request, Message message, String version) {
        var method = METHODS.contains(message.method()) ? message.method() : UNKNOWN;
        var span = request.message(method, name -> meta(message, name));
        if (!span.isRecorded()) {
            return span;
        }
        span.with("mcp.method.name", method).with("network.transport", "tcp");
        if (!version.isEmpty()) {
            span.with("mcp.protocol.version", version);
        }
        if (message.id() instanceof Long id) {
            span.with("jsonrpc.request.id", String.valueOf(id));
        }
        return span;
    }

    /** A tool that there is is called, by somebody who may. */
    static void callsTool(Span span, String tool, @Nullable Map<String, Object> arguments) {
        if (span.isRecorded()) {
            span.named(McpSchema.METHOD_TOOLS_CALL + " " + tool)
                    .with("gen_ai.operation.name", "execute_tool")
                    .with("gen_ai.tool.name", tool);
        }
        if (span.takesContent() && arguments != null) {
            span.with("gen_ai.tool.call.arguments", told(arguments));
        }
    }

    /** What came of it. */
    static void answered(Span span, JSONRPCResponse answer) {
        var error = answer.error();
        if (error != null) {
            var code = String.valueOf(error.code());
            span.with("rpc.response.status_code", code).fails(code);
        } else if (answer.result() instanceof CallToolResult result) {
            if (Boolean.TRUE.equals(result.isError())) {
                span.fails("tool_error");
            } else if (span.takesContent()) {
                span.with("gen_ai.tool.call.result", told(result));
            }
        }
    }

    /** As JSON, as far as there is room for it. */
    private static String told(Object value) {
        try {
            return new ContentBudget().take(MAPPER.writeValueAsString(value));
        } catch (IOException e) {
            throw new UncheckedIOException("what was JSON is JSON", e);
        }
    }

    private static @Nullable String meta(Message message, String name) {
        return message.params().get("_meta") instanceof Map<?, ?> meta
                        && meta.get(name) instanceof String value
                ? value
                : null;
    }
}
