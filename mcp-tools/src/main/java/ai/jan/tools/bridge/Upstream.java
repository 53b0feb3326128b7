// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.bridge;

import ai.jan.kit.json.Json;
import ai.jan.tools.tool.ToolFailure;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One other MCP server. Connected when it is first asked, and again after a failure. It gets the
 * operator's headers and the arguments of calls; nothing of who calls. Thread-safe.
 */
final class Upstream implements AutoCloseable {
    static final Duration ANSWER = Duration.ofSeconds(60);
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final int MAX_BYTES = 4 * 1024 * 1024;
    private static final int MAX_PAGES = 20;
    private static final McpJsonMapper MAPPER = McpJsonDefaults.getMapper();
    private static final TypeRef<Map<String, Object>> MAP = new TypeRef<>() {};

    private final UpstreamConfig config;
    private @Nullable McpSyncClient connected;

    Upstream(UpstreamConfig config) {
        this.config = config;
    }

    UpstreamConfig config() {
        return config;
    }

    /** The definitions of its tools. */
    List<ObjectNode> tools() throws IOException {
        var client = client();
        var tools = new ArrayList<ObjectNode>();
        try {
            String cursor = null;
            for (int page = 0; page < MAX_PAGES; page++) {
                var list = cursor == null ? client.listTools(null) : client.listTools(cursor);
                for (var tool : list.tools()) {
                    tools.add(json(tool));
                }
                cursor = list.nextCursor();
                if (cursor == null) {
                    break;
                }
            }
            return tools;
        } catch (RuntimeException e) {
            throw broken(client, e);
        }
    }

    /**
     * Calls one of its tools.
     *
     * @return the result, which may say that it is an error
     */
    ObjectNode call(String tool, ObjectNode arguments) throws IOException {
        var client = client();
        try {
            return json(
                    client.callTool(
                            CallToolRequest.builder(tool)
                                    .arguments(MAPPER.readValue(Json.bytes(arguments), MAP))
                                    .build()));
        } catch (McpError e) {
            throw ToolFailure.refused("The server '" + config.name() + "' refused the call.");
        } catch (RuntimeException e) {
            throw broken(client, e);
        }
    }

    private synchronized McpSyncClient client() throws IOException {
        var known = connected;
        if (known != null) {
            return known;
        }
        var fresh = client(config);
        try {
            fresh.initialize();
        } catch (RuntimeException e) {
            fresh.close();
            throw new IOException("no MCP server answers", e);
        }
        connected = fresh;
        return fresh;
    }

    private static McpSyncClient client(UpstreamConfig config) {
        var transport =
                HttpClientStreamableHttpTransport.builder(origin(config.url()))
                        .endpoint(path(config.url()))
                        .connectTimeout(CONNECT)
                        .maxResponseSize(MAX_BYTES)
                        .openConnectionOnStartup(false)
                        .addHttpRequestCustomizer((request, _, _, _, _) ->
                                config.headers()
                                        .forEach((name, value) ->
                                                request.setHeader(name, value.reveal())))
                        .build();
        return McpClient.sync(transport)
                .clientInfo(Implementation.builder("jan-mcp-tools", "0.1.0").build())
                .initializationTimeout(CONNECT.multipliedBy(2))
                .requestTimeout(ANSWER)
                .build();
    }

    private static String origin(URI url) {
        return url.getScheme() + "://" + url.getRawAuthority();
    }

    private static String path(URI url) {
        var path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        return url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
    }

    private synchronized IOException broken(McpSyncClient client, RuntimeException cause) {
        if (client.equals(connected)) {
            connected = null;
            client.close();
        }
        return new IOException("the MCP server does not answer", cause);
    }

    private static ObjectNode json(Object value) throws IOException {
        return (ObjectNode) Json.parse(MAPPER.writeValueAsBytes(value));
    }

    @Override
    public synchronized void close() {
        var client = connected;
        connected = null;
        if (client != null) {
            client.close();
        }
    }
}
