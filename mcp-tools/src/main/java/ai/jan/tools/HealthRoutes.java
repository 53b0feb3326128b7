// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools;

import ai.jan.kit.http.Exchange;
import ai.jan.kit.json.Json;
import java.io.IOException;
import java.util.function.BooleanSupplier;

/** {@code /healthz}: the process lives. {@code /readyz}: whether what it needs works. */
final class HealthRoutes {
    private final BooleanSupplier storage;

    /**
     * @param storage whether the database can be used now
     */
    HealthRoutes(BooleanSupplier storage) {
        this.storage = storage;
    }

    void live(Exchange exchange) throws IOException {
        exchange.send(200, Json.object().put("status", "ok").put("service", "mcp-tools"));
    }

    /** Backends of single tools do not count: without one, its tool says so. */
    void ready(Exchange exchange) throws IOException {
        boolean hasStorage = storage.getAsBoolean();
        exchange.send(
                hasStorage ? 200 : 503,
                Json.object()
                        .put("status", hasStorage ? "ready" : "not_ready")
                        .put("database", hasStorage));
    }
}
