// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools;

import ai.jan.database.Database;
import ai.jan.database.DatabaseUnavailable;
import ai.jan.database.SchemaVersion;
import ai.jan.kit.identity.IdentityVerifier;
import ai.jan.kit.lifecycle.Lifecycle;
import ai.jan.kit.lifecycle.ProcessFailure;
import ai.jan.kit.metrics.Metrics;
import ai.jan.kit.metrics.MetricsServer;
import ai.jan.kit.telemetry.Telemetry;
import ai.jan.kit.telemetry.Tracing;
import ai.jan.tools.embed.Embedder;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The process. */
public final class Main {
    private static final Logger log = LoggerFactory.getLogger(Main.class);
    private static final int DATABASE_ATTEMPTS = 30;

    private Main() {}

    public static void main(String[] args) {
        Lifecycle.run(args, Main::run);
    }

    private static void run(Lifecycle lifecycle) throws IOException, InterruptedException {
        if (!lifecycle.arguments().equals(List.of("serve"))) {
            throw ProcessFailure.usage("usage: java -jar mcp-tools.jar serve");
        }
        try {
            serve(lifecycle);
        } catch (DatabaseUnavailable e) {
            log.warn("the database is not available", e);
            throw ProcessFailure.unavailable("the database: " + e.getMessage());
        }
    }

    private static void serve(Lifecycle lifecycle) throws IOException, InterruptedException {
        var settings = McpToolsSettings.from(lifecycle.environment());
        var operator = OperatorFile.read(settings.operator(), lifecycle.environment());
        settings.lines().forEach(line -> log.info("{}", line));
        var clock = Clock.systemUTC();
        var metrics = Metrics.ofThisProcess();
        if (settings.metrics().isPresent()) {
            lifecycle.onStop("metrics", MetricsServer.start(settings.metrics().get(), metrics));
        }
        var tracing =
                lifecycle.onStop("tracing", Tracing.start("mcp-tools", lifecycle.environment()));
        var verifier = new IdentityVerifier(Callers.AUDIENCE, settings.identityKeys(), clock);
        var database =
                lifecycle.onStop(
                        "database",
                        Database.open(settings.database(), "mcp-tools", metrics.databases()));
        SchemaVersion.await(database, DATABASE_ATTEMPTS);
        var embedder = lifecycle.onStop("embeddings", Embedder.of(settings.embeddings()));
        var server =
                lifecycle.onStop(
                        "MCP server",
                        McpTools.start(
                                settings.http(),
                                settings.rules(),
                                new Callers(verifier),
                                operator.access(),
                                new HealthRoutes(() -> SchemaVersion.state(database).isEmpty()),
                                new Toolbox(
                                        Configured.tools(settings, database, embedder, clock),
                                        operator.upstreams(),
                                        metrics.tools(),
                                        clock),
                                new Telemetry(metrics, tracing)));
        log.info("serving at {}", server.http().uri());
        lifecycle.awaitStop();
    }
}
