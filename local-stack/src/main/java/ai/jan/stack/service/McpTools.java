// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.service;

import ai.jan.stack.Secrets;
import ai.jan.stack.process.ChildEnvironment;
import ai.jan.stack.process.Launch;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** mcp-tools, with whatever backends of tools the user's environment names. */
public final class McpTools {
    public static final String NAME = "mcp-tools";

    private static final int HEAP_MEGABYTES = 384;
    private static final Duration START = Duration.ofMinutes(1);

    private final JavaCommand java;
    private final Path home;
    private final int port;
    private final int metricsPort;
    private final int databasePort;
    private final Secrets secrets;
    private final Map<String, String> tools;
    private final Probe probe = new Probe();

    /**
     * @param home where it runs
     * @param tools settings of single tools, by name
     */
    public McpTools(
            JavaCommand java,
            Path home,
            int port,
            int metricsPort,
            int databasePort,
            Secrets secrets,
            Map<String, String> tools) {
        this.java = java;
        this.home = home;
        this.port = port;
        this.metricsPort = metricsPort;
        this.databasePort = databasePort;
        this.secrets = secrets;
        this.tools = Map.copyOf(tools);
    }

    public Launch launch() throws IOException {
        return new Launch(
                NAME,
                java.with(HEAP_MEGABYTES, "serve"),
                ChildEnvironment.ours(environment()),
                home,
                Launch.Wave.SERVICE,
                Launch.StopSignal.TERM,
                () -> probe.answers(URI.create("http://127.0.0.1:" + port + "/healthz")),
                Launch.SOON,
                START);
    }

    private Map<String, String> environment() throws IOException {
        var own = new HashMap<>(tools);
        own.put("JAN_STOP_ON_STDIN_EOF", "true");
        own.put("JAN_HTTP_HOST", "127.0.0.1");
        own.put("JAN_HTTP_PORT", String.valueOf(port));
        own.put("JAN_METRICS_PORT", String.valueOf(metricsPort));
        own.put("JAN_DATABASE_URL", Postgres.jdbcUrl(databasePort));
        own.put("JAN_DATABASE_USER", "jan_mcp_tools");
        own.put("JAN_DATABASE_PASSWORD", secrets.random(Secrets.MCP_TOOLS_DATABASE_PASSWORD));
        own.put("JAN_IDENTITY_KEY_MCP_TOOLS", secrets.random(Secrets.IDENTITY_KEY_MCP_TOOLS));
        return own;
    }
}
