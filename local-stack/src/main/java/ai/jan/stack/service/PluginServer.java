// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.service;

import ai.jan.stack.Secrets;
import ai.jan.stack.process.ChildEnvironment;
import ai.jan.stack.process.Launch;
import ai.jan.stack.process.Supervisor;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/** Our Kong plugins: one process on a unix socket; and the tool that makes API keys. */
public final class PluginServer {
    public static final String NAME = "kong-plugins";

    private static final int HEAP_MEGABYTES = 256;
    private static final Duration START = Duration.ofMinutes(1);

    private final JavaCommand java;
    private final Path home;
    private final Path socket;
    private final int metricsPort;
    private final int databasePort;
    private final URI llmApi;
    private final OptionalInt keycloakPort;
    private final Secrets secrets;

    /**
     * @param home where it runs
     * @param llmApi where llm-api-lite is
     * @param keycloakPort nothing if there is no Keycloak
     */
    public PluginServer(
            JavaCommand java,
            Path home,
            Path socket,
            int metricsPort,
            int databasePort,
            URI llmApi,
            OptionalInt keycloakPort,
            Secrets secrets) {
        this.java = java;
        this.home = home;
        this.socket = socket;
        this.metricsPort = metricsPort;
        this.databasePort = databasePort;
        this.llmApi = llmApi;
        this.keycloakPort = keycloakPort;
        this.secrets = secrets;
    }

    public Launch launch() throws IOException {
        return new Launch(
                NAME,
                java.with(HEAP_MEGABYTES, "serve", "--socket", socket.toString()),
                environment(),
                home,
                Launch.Wave.SERVICE,
                Launch.StopSignal.TERM,
                () -> Probe.accepts(socket),
                Launch.NEVER,
                START);
    }

    /** A new key for the local user. */
    public String createApiKey(Supervisor supervisor) throws IOException, InterruptedException {
        var output =
                supervisor.run(
                        "making the API key",
                        java.with(
                                HEAP_MEGABYTES,
                                "api-key",
                                "create",
                                "--owner",
                                "local",
                                "--name",
                                "make run",
                                "--plan",
                                "pro"),
                        environment(),
                        home,
                        START);
        return output.lines()
                .map(String::strip)
                .filter(line -> line.startsWith("sk_"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the API key tool printed no key"));
    }

    private Map<String, String> environment() throws IOException {
        var own = new HashMap<String, String>();
        own.put("JAN_STOP_ON_STDIN_EOF", "true");
        own.put("JAN_METRICS_PORT", String.valueOf(metricsPort));
        own.put("JAN_DATABASE_URL", Postgres.jdbcUrl(databasePort));
        own.put("JAN_DATABASE_USER", "jan_plugins");
        own.put("JAN_DATABASE_PASSWORD", secrets.random(Secrets.PLUGINS_DATABASE_PASSWORD));
        own.put("JAN_API_KEY_PEPPER", secrets.random(Secrets.API_KEY_PEPPER));
        own.put("JAN_IDENTITY_KEY_LLM_API_LITE", secrets.random(Secrets.IDENTITY_KEY_LLM_API_LITE));
        own.put("JAN_IDENTITY_KEY_MCP_TOOLS", secrets.random(Secrets.IDENTITY_KEY_MCP_TOOLS));
        if (keycloakPort.isPresent()) {
            own.put("JAN_KEYCLOAK_URL", Keycloak.internalUrl(keycloakPort.getAsInt()).toString());
            own.put("JAN_LLM_API_URL", llmApi.toString());
            own.put("JAN_KEYCLOAK_CLIENT_SECRET", secrets.random(Secrets.KEYCLOAK_CLIENT_SECRET));
            own.put("JAN_KEYCLOAK_WATCH_SECRET", secrets.random(Secrets.KEYCLOAK_WATCH_SECRET));
        }
        return ChildEnvironment.ours(own);
    }
}
