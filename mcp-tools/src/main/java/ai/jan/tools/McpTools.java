// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools;

import ai.jan.kit.http.Exchange;
import ai.jan.kit.http.HttpServer;
import ai.jan.kit.http.HttpSettings;
import ai.jan.kit.http.Router;
import ai.jan.kit.identity.Identity;
import ai.jan.kit.telemetry.Telemetry;
import ai.jan.tools.mcp.HttpRules;
import ai.jan.tools.mcp.McpRoute;
import ai.jan.tools.mcp.ToolServer;
import ai.jan.tools.tool.Access;
import java.io.IOException;
import java.util.function.Function;

/** The service: MCP's endpoint, and whether it works. */
final class McpTools implements AutoCloseable {
    private static final String VERSION = "0.1.0";

    private final HttpServer http;
    private final ToolServer server;
    private final Toolbox tools;

    private McpTools(HttpServer http, ToolServer server, Toolbox tools) {
        this.http = http;
        this.server = server;
        this.tools = tools;
    }

    /**
     * Serves until closed.
     *
     * @param callers who sent a request; throws if nobody is proven to have
     * @param tools is closed with it
     */
    static McpTools start(
            HttpSettings settings,
            HttpRules rules,
            Function<Exchange, Identity> callers,
            Access access,
            HealthRoutes health,
            Toolbox tools,
            Telemetry telemetry)
            throws IOException {
        var endpoint = new McpRoute(rules, callers);
        var server = new ToolServer(endpoint, access, VERSION);
        tools.offerAt(server);
        var router =
                new Router()
                        .get("/healthz", health::live)
                        .get("/readyz", health::ready)
                        .post("/v1/mcp", endpoint);
        return new McpTools(HttpServer.start(settings, router, telemetry), server, tools);
    }

    HttpServer http() {
        return http;
    }

    /** Takes no new calls, waits for those that run, and ends what the tools need. */
    @Override
    public void close() {
        http.close();
        tools.close();
        server.close();
    }
}
