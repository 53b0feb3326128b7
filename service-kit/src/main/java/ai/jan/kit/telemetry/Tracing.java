// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.telemetry;

import ai.jan.kit.config.InvalidSettings;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The spans of a process. They are made and sent only where {@code OTEL_EXPORTER_OTLP_ENDPOINT} is
 * set; the other <a
 * href="https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/">standard
 * variables</a> work as everywhere. Who calls decides whether a request is recorded; of those that
 * come without a trace a part is, {@code OTEL_TRACES_SAMPLER_ARG}. Closing sends what is left.
 * Thread-safe.
 */
public final class Tracing implements AutoCloseable {
    /** Makes none. */
    public static final Tracing OFF = new Tracing(null, false);

    /** Opts in to telling what was said to models and tools, by the name OpenTelemetry gave it. */
    public static final String CONTENT = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT";

    private static final Logger log = LoggerFactory.getLogger(Tracing.class);

    private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private static final Duration FAREWELL = Duration.ofSeconds(5);
    private static final TextMapGetter<Function<String, @Nullable String>> HEADERS =
            (headers, name) -> headers == null ? null : headers.apply(name);

    private final @Nullable OpenTelemetrySdk sdk;
    private final Tracer tracer;

    private final boolean takesContent;

    private Tracing(@Nullable OpenTelemetrySdk sdk, boolean takesContent) {
        this.sdk = sdk;
        this.takesContent = takesContent;
        this.tracer = (sdk == null ? OpenTelemetry.noop() : sdk).getTracer("ai.jan");
    }

    /**
     * @param service how the process is called, unless {@code OTEL_SERVICE_NAME} says otherwise
     * @throws InvalidSettings if a variable has a value that cannot be
     */
    public static Tracing start(String service, Map<String, String> environment) {
        if (environment.getOrDefault(ENDPOINT, "").isBlank()) {
            return OFF;
        }
        var takesContent = takesContent(environment.getOrDefault(CONTENT, ""));
        if (takesContent) {
            log.warn("{} is set: spans tell what is said to models and tools", CONTENT);
        }
        try {
            return new Tracing(
                    AutoConfiguredOpenTelemetrySdk.builder()
                            .addPropertiesSupplier(() -> defaults(service))
                            .addPropertiesCustomizer(_ -> properties(environment))
                            .disableShutdownHook()
                            .build()
                            .getOpenTelemetrySdk(),
                    takesContent);
        } catch (ConfigurationException e) {
            throw new InvalidSettings(List.of("OTEL_…: " + e.getMessage()));
        }
    }

    /** What other instrumentations take, too; there are no events here. */
    private static boolean takesContent(String mode) {
        return switch (mode.strip().toUpperCase(Locale.ROOT)) {
            case "", "FALSE", "NO_CONTENT" -> false;
            case "TRUE", "SPAN_ONLY" -> true;
            default ->
                    throw new InvalidSettings(
                            List.of(CONTENT + ": must be NO_CONTENT, SPAN_ONLY, false or true"));
        };
    }

    private static Map<String, String> defaults(String service) {
        return Map.of(
                "otel.service.name", service,
                "otel.exporter.otlp.protocol", "http/protobuf",
                "otel.traces.sampler", "parentbased_traceidratio",
                "otel.traces.sampler.arg", "0.1",
                "otel.metrics.exporter", "none",
                "otel.logs.exporter", "none",
                "otel.propagators", "tracecontext");
    }

    /** By the names that the SDK knows the standard variables under. */
    private static Map<String, String> properties(Map<String, String> environment) {
        var properties = new HashMap<String, String>();
        environment.forEach((name, value) -> {
            if (name.startsWith("OTEL_") && !value.isBlank()) {
                properties.put(name.toLowerCase(Locale.ROOT).replace('_', '.'), value);
            }
        });
        return properties;
    }

    public boolean isOn() {
        return sdk != null;
    }

    /**
     * A span of something that was asked for from elsewhere.
     *
     * @param header the value of a header of the request, by its name in lower case
     */
    public Span serve(String name, Function<String, @Nullable String> header) {
        return begin(name, SpanKind.SERVER, header, null);
    }

    /**
     * A span within what others do, which began some time ago.
     *
     * @param header as the others have it
     */
    public Span within(String name, Function<String, @Nullable String> header, Instant since) {
        return begin(name, SpanKind.INTERNAL, header, since);
    }

    private Span begin(
            String name,
            SpanKind kind,
            Function<String, @Nullable String> header,
            @Nullable Instant since) {
        var span = tracer.spanBuilder(name).setSpanKind(kind).setParent(context(header));
        if (since != null) {
            span.setStartTimestamp(since);
        }
        return new Span(this, span.startSpan());
    }

    Tracer tracer() {
        return tracer;
    }

    boolean takesContent() {
        return takesContent;
    }

    /** What the headers of W3C's trace context say. */
    static Context context(Function<String, @Nullable String> headers) {
        return W3CTraceContextPropagator.getInstance().extract(Context.root(), headers, HEADERS);
    }

    @Override
    public void close() {
        if (sdk != null) {
            var _ = sdk.shutdown().join(FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
