// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.http;

import ai.jan.kit.metrics.Metrics;
import ai.jan.kit.metrics.RequestMetrics;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where requests come in and answers go out: counts each one and logs it once. Thread-safe. */
final class Boundary {
    private static final Logger log = LoggerFactory.getLogger(HttpServer.class);

    private final Metrics metrics;
    private final RequestMetrics requests;

    Boundary(Metrics metrics) {
        this.metrics = metrics;
        this.requests = metrics.requests();
    }

    /** One request under way. */
    final class Passage {
        private final Exchange exchange;
        private final String cameWith;
        private final String route;
        private final RequestMetrics.Running running;

        private Passage(Exchange exchange, String route) {
            this.exchange = exchange;
            this.cameWith = exchange.requestId();
            this.route = route;
            this.running = requests.started(route, exchange.method());
        }

        void end() {
            var took = running.ended(exchange.status());
            count(exchange.notes(), took);
            log(took);
        }

        /** Clients know a request by the id it came with, all other lines by the gateway's. */
        private void log(Duration took) {
            var id = exchange.requestId();
            log.info(
                    "{}{} {} {} {} {} ms",
                    id,
                    id.equals(cameWith) ? "" : " (" + cameWith + ")",
                    exchange.method(),
                    route,
                    exchange.status(),
                    took.toMillis());
        }
    }

    Passage enter(Exchange exchange, Router.Match match) {
        return new Passage(
                exchange,
                match instanceof Router.Match.Found found
                        ? found.template()
                        : RequestMetrics.NO_ROUTE);
    }

    private void count(Notes notes, Duration took) {
        var operation = notes.operation();
        var model = notes.model();
        if (operation == null || model == null) {
            return;
        }
        var generations = metrics.generations(); // only where there are any
        var error = notes.error();
        generations.ended(operation, model, error == null ? "" : error, took);
        if (notes.knowsTokens()) {
            generations.used(operation, model, notes.inputTokens(), notes.outputTokens());
        }
        var toFirst = notes.toFirstToken();
        if (notes.isStream() && toFirst != null) {
            generations.firstToken(operation, model, toFirst);
            if (notes.outputTokens() > 1) {
                generations.laterTokens(
                        operation, model, notes.outputTokens() - 1, notes.toLastToken());
            }
        }
    }
}
