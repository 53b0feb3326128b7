// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm;

import ai.jan.database.Database;
import ai.jan.database.DatabaseUnavailable;
import ai.jan.database.Migration;
import ai.jan.database.MigrationSettings;
import ai.jan.database.SchemaVersion;
import ai.jan.kit.config.PlatformSettings;
import ai.jan.kit.config.Settings;
import ai.jan.kit.identity.IdentityVerifier;
import ai.jan.kit.lifecycle.Lifecycle;
import ai.jan.kit.lifecycle.ProcessFailure;
import ai.jan.kit.metrics.Metrics;
import ai.jan.kit.metrics.MetricsServer;
import ai.jan.kit.telemetry.Telemetry;
import ai.jan.kit.telemetry.Tracing;
import ai.jan.llm.backend.BackendsFile;
import ai.jan.llm.backend.ModelSwitches;
import ai.jan.llm.backend.Models;
import ai.jan.llm.backend.Upkeep;
import ai.jan.llm.backend.Upstream;
import ai.jan.llm.identity.IdentityGate;
import ai.jan.llm.quota.Quota;
import ai.jan.llm.retention.Retention;
import ai.jan.quota.Ledger;
import ai.jan.quota.ReservationVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The process: {@code serve} or {@code migrate}. */
public final class Main {
    private static final Logger log = LoggerFactory.getLogger(Main.class);
    private static final int DATABASE_ATTEMPTS = 30;

    private Main() {}

    public static void main(String[] args) {
        Lifecycle.run(args, Main::run);
    }

    private static void run(Lifecycle lifecycle) throws IOException, InterruptedException {
        var arguments = lifecycle.arguments();
        try {
            if (arguments.equals(List.of("serve"))) {
                serve(lifecycle);
            } else if (arguments.equals(List.of("migrate"))) {
                migrate(lifecycle);
            } else {
                throw ProcessFailure.usage("usage: java -jar llm-api-lite.jar serve | migrate");
            }
        } catch (DatabaseUnavailable e) {
            log.warn("the database is not available", e);
            throw ProcessFailure.unavailable("the database: " + e.getMessage());
        }
    }

    private static void serve(Lifecycle lifecycle) throws IOException, InterruptedException {
        var settings = LlmApiSettings.from(lifecycle.environment());
        var backends = BackendsFile.read(settings.backends(), lifecycle.environment());
        settings.lines().forEach(line -> log.info("{}", line));
        var verifier =
                new IdentityVerifier(
                        IdentityGate.AUDIENCE, settings.identityKeys(), Clock.systemUTC());
        var since = Files.getLastModifiedTime(settings.backends()).toInstant();

        var metrics = Metrics.ofThisProcess();
        var tracing =
                lifecycle.onStop("tracing", Tracing.start("llm-api-lite", lifecycle.environment()));
        var telemetry = new Telemetry(metrics, tracing);
        if (settings.metrics().isPresent()) {
            lifecycle.onStop("metrics", MetricsServer.start(settings.metrics().get(), metrics));
        }
        var database =
                lifecycle.onStop(
                        "database",
                        Database.open(settings.database(), "llm-api-lite", metrics.databases()));
        SchemaVersion.await(database, DATABASE_ATTEMPTS);
        var reservations =
                new ReservationVerifier(
                        IdentityGate.AUDIENCE, settings.identityKeys(), Clock.systemUTC());
        var quota =
                lifecycle.onStop(
                        "quota",
                        Quota.start(new Ledger(database), reservations, metrics.reservations()));
        if (settings.retentionDays() > 0) {
            lifecycle.onStop("retention", Retention.start(database, settings.retentionDays()));
        }
        var models = new Models(backends, Upstream.client(), since);
        lifecycle.onStop(
                "upkeep",
                Upkeep.start(
                        settings.backends(),
                        lifecycle.environment(),
                        models,
                        new ModelSwitches(database)));
        var server =
                lifecycle.onStop(
                        "HTTP server",
                        LlmApi.start(
                                settings.http(), database, verifier, quota, models, telemetry));
        log.info("serving at {}", server.uri());
        lifecycle.awaitStop();
    }

    private static void migrate(Lifecycle lifecycle) {
        var settings = new Settings(lifecycle.environment());
        var migration = MigrationSettings.from(settings);
        settings.check(PlatformSettings.NAMES);
        Migration.run(migration);
    }
}
