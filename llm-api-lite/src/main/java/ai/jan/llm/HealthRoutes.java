// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm;

import ai.jan.database.Database;
import ai.jan.database.SchemaVersion;
import ai.jan.kit.http.Exchange;
import ai.jan.kit.json.Json;
import ai.jan.llm.backend.Availability;
import java.io.IOException;
import java.time.Instant;

/** {@code /healthz}: the process lives. {@code /readyz}: what it needs works, or what does not. */
final class HealthRoutes {
    private final Database database;
    private final Availability backends;

    private final Instant since = Instant.now();

    HealthRoutes(Database database, Availability backends) {
        this.database = database;
        this.backends = backends;
    }

    void live(Exchange exchange) throws IOException {
        exchange.send(200, Json.object().put("status", "ok"));
    }

    /** Which build this is, and since when it has its settings: they are read once, at start. */
    void version(Exchange exchange) throws IOException {
        var version = HealthRoutes.class.getPackage().getImplementationVersion();
        exchange.send(
                200,
                Json.object()
                        .put("version", version == null ? "unpackaged" : version)
                        .put("env_reloaded_at", since.toString()));
    }

    /** Anybody may ask: numbers, no names and no addresses. */
    void ready(Exchange exchange) throws IOException, InterruptedException {
        boolean storage = SchemaVersion.state(database).isEmpty();
        int available = backends.available();
        boolean ready = storage && available > 0;
        var state =
                Json.object().put("status", ready ? "ready" : "not_ready").put("database", storage);
        state.putObject("backends")
                .put("configured", backends.configured())
                .put("available", available);
        exchange.send(ready ? 200 : 503, state);
    }
}
