// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.bridge;

import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Another MCP server, whose tools can change what they say of themselves. */
public final class TestingUpstream implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, ObjectNode> tools = new ConcurrentHashMap<>();
    private final List<Headers> headers = new CopyOnWriteArrayList<>();

    public TestingUpstream() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/some/mcp");
    }

    /** The headers of all requests. */
    public List<Headers> headers() {
        return List.copyOf(headers);
    }

    /** Has a tool that says again what it was told. */
    public TestingUpstream with(String name, String description) {
        var tool = Json.object().put("name", name).put("description", description);
        var schema = tool.putObject("inputSchema").put("type", "object");
        schema.putObject("properties").putObject("word").put("type", "string").put("minLength", 2);
        schema.putArray("required").add("word");
        tools.put(name, tool);
        return this;
    }

    /** A tool whose schema can be changed. */
    public ObjectNode schema(String name) {
        return (ObjectNode) tools.get(name).path("inputSchema");
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            headers.add(exchange.getRequestHeaders());
            if (!exchange.getRequestMethod().equals("POST")) {
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            var message = Json.parse(exchange.getRequestBody().readAllBytes());
            if (!message.has("id")) {
                exchange.sendResponseHeaders(202, -1);
                return;
            }
            var answer = Json.object().put("jsonrpc", "2.0");
            answer.set("id", message.path("id"));
            answer.set("result", result(message));
            var body = Json.bytes(answer);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private JsonNode result(JsonNode message) {
        var result = Json.object();
        switch (message.path("method").asText()) {
            case "initialize" -> {
                result.put("protocolVersion", "2025-06-18")
                        .putObject("capabilities")
                        .putObject("tools");
                result.putObject("serverInfo").put("name", "upstream").put("version", "1");
            }
            case "tools/list" -> result.putArray("tools").addAll(tools.values());
            default -> {
                var word = message.path("params").path("arguments").path("word").asText();
                result.put("isError", word.equals("bad"));
                result.putArray("content")
                        .addObject()
                        .put("type", "text")
                        .put("text", "said " + word);
            }
        }
        return result;
    }
}
