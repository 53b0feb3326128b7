// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.plugins;

import ai.jan.gateway.config.PluginEntity;
import ai.jan.gateway.proxy.Answer;
import ai.jan.gateway.proxy.Exchange;
import ai.jan.gateway.proxy.Headers;
import ai.jan.kit.json.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Gives each request an id in a header, unless the client brought one. */
final class CorrelationId implements BundledPlugin {
    static final String SCHEMA =
            """
            {"name": "correlation-id", "fields": [
              {"consumer": {"type": "foreign", "reference": "consumers"}},
              {"config": {"type": "record", "fields": [
                {"header_name": {"type": "string", "default": "Kong-Request-ID"}},
                {"generator": {"type": "string", "required": true, "default": "uuid#counter",
                  "one_of": ["uuid", "uuid#counter", "tracker"]}},
                {"echo_downstream": {"type": "boolean", "required": true, "default": false}}
              ]}}
            ]}\
            """;

    @JsonNaming(SnakeCaseStrategy.class)
    record Config(String headerName, String generator, boolean echoDownstream) {}

    private final Config config;
    private final String worker = UUID.randomUUID().toString();
    private final AtomicLong counter = new AtomicLong();

    private CorrelationId(Config config) {
        this.config = config;
    }

    static CorrelationId of(PluginEntity entity) throws JsonProcessingException {
        return new CorrelationId(Json.read(entity.config(), Config.class));
    }

    @Override
    public Optional<Answer> access(Exchange exchange) {
        exchange.headers().set(config.headerName(), id(exchange));
        return Optional.empty();
    }

    private String id(Exchange exchange) {
        var sent = exchange.headers().first(config.headerName()).filter(id -> !id.isEmpty());
        var id = exchange.correlationId().or(() -> sent).orElseGet(() -> generate(exchange));
        exchange.correlationId(id);
        return id;
    }

    private String generate(Exchange exchange) {
        return switch (config.generator()) {
            case "uuid" -> UUID.randomUUID().toString();
            case "tracker" ->
                    "%s-%d-%d-%d-1-%d.%03d"
                            .formatted(
                                    exchange.client().ip(),
                                    exchange.client().serverPort(),
                                    ProcessHandle.current().pid(),
                                    counter.incrementAndGet(),
                                    exchange.startedAt() / 1000,
                                    exchange.startedAt() % 1000);
            default -> worker + "#" + counter.incrementAndGet();
        };
    }

    @Override
    public void header(Exchange exchange, Headers response) {
        if (config.echoDownstream()) {
            response.set(config.headerName(), id(exchange));
        }
    }
}
