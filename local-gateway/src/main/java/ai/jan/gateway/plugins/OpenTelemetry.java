// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.plugins;

import ai.jan.gateway.config.PluginEntity;
import ai.jan.gateway.config.Settings;
import ai.jan.gateway.plugins.TraceContext.Format;
import ai.jan.gateway.proxy.Answer;
import ai.jan.gateway.proxy.Exchange;
import ai.jan.gateway.proxy.Headers;
import ai.jan.kit.json.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Passes the trace context on to the service, or begins one. The stand-in exports no spans. */
final class OpenTelemetry implements BundledPlugin {
    static final String SCHEMA =
            """
            {"name": "opentelemetry", "fields": [
              {"config": {"type": "record", "fields": [
                {"traces_endpoint": {"type": "string", "referenceable": true}},
                {"headers": {"type": "map", "keys": {"type": "string"},
                  "values": {"type": "string", "referenceable": true}}},
                {"resource_attributes": {"type": "map", "keys": {"type": "string"},
                  "values": {"type": "string"}}},
                {"sampling_rate": {"type": "number", "between": [0, 1]}},
                {"http_response_header_for_traceid": {"type": "string"}},
                {"header_type": {"type": "string", "default": "preserve",
                  "one_of": ["preserve", "ignore", "w3c", "b3", "jaeger"]}},
                {"propagation": {"type": "record", "required": false, "fields": [
                  {"extract": {"type": "array",
                    "elements": {"type": "string", "one_of": ["w3c", "b3", "jaeger"]}}},
                  {"inject": {"type": "array",
                    "elements": {"type": "string", "one_of": ["preserve", "w3c", "b3", "jaeger"]}}},
                  {"clear": {"type": "array", "elements": {"type": "string"}}},
                  {"default_format": {"type": "string", "required": true,
                    "one_of": ["w3c", "b3", "jaeger"]}}
                ]}}
              ]}}
            ]}\
            """;

    @JsonNaming(SnakeCaseStrategy.class)
    record Config(
            @Nullable Double samplingRate,
            @Nullable String httpResponseHeaderForTraceid,
            String headerType,
            @Nullable Propagation propagation) {}

    @JsonNaming(SnakeCaseStrategy.class)
    record Propagation(
            @Nullable List<String> extract,
            @Nullable List<String> inject,
            @Nullable List<String> clear,
            String defaultFormat) {
        /** What a {@code header_type} stands for. */
        static Propagation of(String headerType) {
            var all = List.of("b3", "w3c", "jaeger");
            return switch (headerType) {
                case "ignore" -> new Propagation(List.of(), List.of("w3c"), List.of(), "w3c");
                case "preserve" -> new Propagation(all, List.of("preserve"), List.of(), "w3c");
                default -> new Propagation(all, List.of("preserve", headerType), List.of(), "w3c");
            };
        }
    }

    private final Config config;
    private final Propagation propagation;
    private final Settings.Tracing tracing;

    private OpenTelemetry(Config config, Settings.Tracing tracing) {
        this.config = config;
        this.tracing = tracing;
        this.propagation =
                config.propagation() == null
                        ? Propagation.of(config.headerType())
                        : config.propagation();
    }

    static OpenTelemetry of(PluginEntity entity, Settings settings) throws JsonProcessingException {
        LoggerFactory.getLogger(OpenTelemetry.class)
                .warn("opentelemetry: the stand-in propagates trace headers and exports no spans");
        return new OpenTelemetry(Json.read(entity.config(), Config.class), settings.tracing());
    }

    @Override
    public Optional<Answer> access(Exchange exchange) {
        var headers = exchange.headers();
        var found =
                formats(propagation.extract()).stream()
                        .filter(format -> format.present(headers))
                        .findFirst();
        var incoming = found.flatMap(format -> format.extract(headers));
        var context = outgoing(incoming);
        if (propagation.clear() != null) {
            propagation.clear().forEach(headers::remove);
        }
        var fallback = Format.of(propagation.defaultFormat());
        for (var name : propagation.inject() == null ? List.<String>of() : propagation.inject()) {
            var format = name.equals("preserve") ? found.orElse(fallback) : Format.of(name);
            format.inject(headers, context);
        }
        exchange.traceId(context.traceId());
        return Optional.empty();
    }

    private static List<Format> formats(@Nullable List<String> names) {
        var formats = new ArrayList<Format>();
        (names == null ? List.<String>of() : names).forEach(name -> formats.add(Format.of(name)));
        return formats;
    }

    private TraceContext outgoing(Optional<TraceContext> incoming) {
        var known = incoming.filter(context -> !context.traceId().isEmpty());
        double rate =
                config.samplingRate() == null ? tracing.samplingRate() : config.samplingRate();
        boolean sampled =
                tracing.on()
                        && known.map(TraceContext::sampled)
                                .orElseGet(() -> ThreadLocalRandom.current().nextDouble() < rate);
        return new TraceContext(
                known.map(TraceContext::traceId).orElseGet(() -> TraceContext.randomId(16)),
                TraceContext.randomId(8),
                // between the client's span and the one the service sees is Kong's own
                tracing.on() || known.isEmpty() ? TraceContext.randomId(8) : known.get().spanId(),
                sampled);
    }

    @Override
    public void header(Exchange exchange, Headers response) {
        var name = config.httpResponseHeaderForTraceid();
        if (name != null) {
            exchange.traceId().ifPresent(id -> response.set(name, id));
        }
    }
}
