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
import java.util.Map;

/** llm-api-lite, and the migration of the database, which is another command of the same jar. */
public final class LlmApi {
    public static final String NAME = "llm-api-lite";

    private static final int MIGRATION_HEAP_MEGABYTES = 384;
    private static final Duration START = Duration.ofMinutes(1);

    /**
     * How much it is made for.
     *
     * @param heapMegabytes of its heap at most
     * @param requests that it answers at once, and that it has a model server answer
     */
    public record Size(int heapMegabytes, int requests) {
        public static final Size USUAL = new Size(384, 4096);
    }

    private final JavaCommand java;
    private final Path home;
    private final Size size;
    private final int port;
    private final int metricsPort;
    private final int databasePort;
    private final Secrets secrets;
    private final Probe probe = new Probe();

    /**
     * @param home where it runs
     */
    public LlmApi(
            JavaCommand java,
            Path home,
            Size size,
            int port,
            int metricsPort,
            int databasePort,
            Secrets secrets) {
        this.java = java;
        this.home = home;
        this.size = size;
        this.port = port;
        this.metricsPort = metricsPort;
        this.databasePort = databasePort;
        this.secrets = secrets;
    }

    public void migrate(Supervisor supervisor) throws IOException, InterruptedException {
        supervisor.run(
                "the migration of the database",
                java.with(MIGRATION_HEAP_MEGABYTES, "migrate"),
                ChildEnvironment.ours(
                        Map.of(
                                "JAN_DATABASE_URL",
                                Postgres.jdbcUrl(databasePort),
                                "JAN_MIGRATION_USER",
                                Postgres.MIGRATION_ROLE,
                                "JAN_MIGRATION_PASSWORD",
                                secrets.random(Secrets.MIGRATION_PASSWORD),
                                "JAN_PLUGINS_DATABASE_PASSWORD",
                                secrets.random(Secrets.PLUGINS_DATABASE_PASSWORD),
                                "JAN_LLM_API_DATABASE_PASSWORD",
                                secrets.random(Secrets.LLM_API_DATABASE_PASSWORD),
                                "JAN_MCP_TOOLS_DATABASE_PASSWORD",
                                secrets.random(Secrets.MCP_TOOLS_DATABASE_PASSWORD))),
                home,
                START);
    }

    public Launch launch(Path backends) throws IOException {
        return new Launch(
                NAME,
                java.with(size.heapMegabytes(), "serve"),
                ChildEnvironment.ours(
                        Map.of(
                                "JAN_STOP_ON_STDIN_EOF",
                                "true",
                                "JAN_HTTP_HOST",
                                "127.0.0.1",
                                "JAN_HTTP_PORT",
                                String.valueOf(port),
                                "JAN_HTTP_MAX_REQUESTS",
                                String.valueOf(size.requests()),
                                "JAN_METRICS_PORT",
                                String.valueOf(metricsPort),
                                "JAN_DATABASE_URL",
                                Postgres.jdbcUrl(databasePort),
                                "JAN_DATABASE_USER",
                                "jan_llm_api",
                                "JAN_DATABASE_PASSWORD",
                                secrets.random(Secrets.LLM_API_DATABASE_PASSWORD),
                                "JAN_IDENTITY_KEY_LLM_API_LITE",
                                secrets.random(Secrets.IDENTITY_KEY_LLM_API_LITE),
                                "JAN_BACKENDS_FILE",
                                backends.toString())),
                home,
                Launch.Wave.SERVICE,
                Launch.StopSignal.TERM,
                () -> probe.answers(URI.create("http://127.0.0.1:" + port + "/healthz")),
                Launch.SOON,
                START);
    }
}
