// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.mcp;

import ai.jan.kit.http.Exchange;
import ai.jan.kit.http.Route;
import ai.jan.kit.identity.Identity;
import ai.jan.kit.json.Json;
import ai.jan.tools.mcp.HttpRules.Form;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.server.McpStatelessServerHandler;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import io.modelcontextprotocol.spec.McpStatelessServerTransport;
import io.modelcontextprotocol.spec.ProtocolVersions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * MCP's streamable HTTP without sessions: one POST, one message, one answer, as JSON or as a stream
 * of one event. The SDK's server does the protocol; this is the transport beneath it
 * (docs/adr/0014).
 */
public final class McpRoute implements McpStatelessServerTransport, Route {
    private static final Logger log = LoggerFactory.getLogger(McpRoute.class);
    private static final McpJsonMapper MAPPER = McpJsonDefaults.getMapper();
    private static final List<String> VERSIONS =
            List.of(
                    ProtocolVersions.MCP_2024_11_05,
                    ProtocolVersions.MCP_2025_03_26,
                    ProtocolVersions.MCP_2025_06_18,
                    ProtocolVersions.MCP_2025_11_25);

    private final HttpRules rules;
    private final Function<Exchange, Identity> callers;
    private @Nullable McpStatelessServerHandler handler;

    /**
     * @param callers who sent a request; throws an {@code ApiProblem} if nobody proved to have
     */
    public McpRoute(HttpRules rules, Function<Exchange, Identity> callers) {
        this.rules = rules;
        this.callers = callers;
    }

    @Override
    public void setMcpHandler(McpStatelessServerHandler mcpHandler) {
        handler = mcpHandler;
    }

    @Override
    public List<String> protocolVersions() {
        return VERSIONS;
    }

    @Override
    public Mono<Void> closeGracefully() {
        return Mono.empty(); // the HTTP server waits for what is being answered
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        rules.checkSender(exchange);
        var caller = callers.apply(exchange);
        exchange.requestId(caller.requestId());
        exchange.notes().caller(caller.subject(), caller.plan());
        var form = rules.check(exchange, VERSIONS);
        Message message;
        try {
            message = Message.of(exchange, exchange.body());
        } catch (Message.Malformed e) {
            exchange.send(400, malformed(e));
            return;
        }
        var version = exchange.header("MCP-Protocol-Version").orElse("");
        try (var span = MessageSpan.begin(exchange.span(), message, version)) {
            var context =
                    McpTransportContext.create(
                            Map.of(ToolServer.CALLER, caller, ToolServer.SPAN, span));
            if (message.id() == null) {
                accept(message, context);
                exchange.send(202, "application/json", new byte[0]);
            } else {
                var answer = answer(message, message.id(), context);
                MessageSpan.answered(span, answer);
                send(exchange, form, answer);
            }
        }
    }

    private void accept(Message message, McpTransportContext context) {
        if (!message.isAnswer()) {
            server().handleNotification(
                            context, new JSONRPCNotification(message.method(), message.params()))
                    .contextWrite(all -> all.put(McpTransportContext.KEY, context))
                    .block();
        }
    }

    private JSONRPCResponse answer(Message message, Object id, McpTransportContext context) {
        try {
            return Objects.requireNonNull(
                    server().handleRequest(
                                    context,
                                    new JSONRPCRequest(message.method(), id, message.params()))
                            .contextWrite(all -> all.put(McpTransportContext.KEY, context))
                            .block());
        } catch (McpError e) {
            return JSONRPCResponse.error(id, e.getJsonRpcError());
        } catch (RuntimeException e) {
            if (e.getCause() instanceof JsonProcessingException) { // the SDK reads params with it
                return JSONRPCResponse.error(
                        id,
                        new JSONRPCError(
                                McpSchema.ErrorCodes.INVALID_PARAMS,
                                "The params do not fit the method."));
            }
            log.error("{} failed", message.method(), e);
            return JSONRPCResponse.error(
                    id,
                    new JSONRPCError(
                            McpSchema.ErrorCodes.INTERNAL_ERROR,
                            "The server had an error while processing your request."));
        }
    }

    private static void send(Exchange exchange, Form form, JSONRPCResponse answer)
            throws IOException {
        var body = MAPPER.writeValueAsBytes(answer);
        switch (form) {
            case JSON -> exchange.send(200, "application/json", body);
            case EVENTS ->
                    exchange.openEventStream().raw(concat("event: message\ndata: ", body, "\n\n"));
        }
    }

    private static byte[] concat(String before, byte[] body, String after) {
        var event = new ByteArrayOutputStream(before.length() + body.length + 2);
        event.writeBytes(before.getBytes(StandardCharsets.US_ASCII));
        event.writeBytes(body);
        event.writeBytes(after.getBytes(StandardCharsets.US_ASCII));
        return event.toByteArray();
    }

    private static Object malformed(Message.Malformed problem) {
        var answer = Json.object().put("jsonrpc", "2.0").putNull("id");
        answer.putObject("error").put("code", problem.code()).put("message", problem.getMessage());
        return answer;
    }

    private McpStatelessServerHandler server() {
        return Objects.requireNonNull(handler, "no server uses this transport");
    }
}
