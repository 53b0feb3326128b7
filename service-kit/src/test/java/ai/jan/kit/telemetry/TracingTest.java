// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.jan.kit.config.InvalidSettings;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TracingTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String OTHER = "5bf92f3577b34da6a3ce929d0e0e4737";
    private static final Map<String, String> CLIENT =
            Map.of("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01", "tracestate", "a=1");
    private static final Map<String, String> UNRECORDED =
            Map.of("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-00");

    @Test
    void withoutAPlaceToSendThemThereAreNoSpans() {
        var tracing = Tracing.start("some", Map.of());

        assertThat(tracing).isSameAs(Tracing.OFF);
        assertThat(tracing.isOn()).isFalse();
        try (var span = tracing.serve("GET /", _ -> null)) {
            assertThat(span.isRecorded()).isFalse();
            assertThat(span.traceId()).isEmpty();
            assertThat(span.headers()).isEmpty();
        }
    }

    @Test
    void aTraceIsPassedOnEvenWhereNobodyRecordsIt() {
        try (var span = Tracing.OFF.serve("GET /", CLIENT::get);
                var call = span.call("chat some")) {
            assertThat(span.traceId()).hasValue(TRACE);
            assertThat(call.headers()).isEqualTo(CLIENT);
        }
    }

    @Test
    void goesOnWithTheTraceOfWhoeverAsks() {
        try (var tracing = on(Map.of());
                var span = tracing.serve("GET /", CLIENT::get);
                var call = span.call("chat some")) {
            assertThat(span.isRecorded()).isTrue();
            assertThat(span.traceId()).hasValue(TRACE);
            assertThat(call.headers()).containsEntry("tracestate", "a=1");
            assertThat(call.headers().get("traceparent"))
                    .matches("00-" + TRACE + "-(?!00f067aa0ba902b7)[0-9a-f]{16}-01")
                    .isNotEqualTo(span.headers().get("traceparent"));
        }
    }

    @Test
    void whoeverAsksDecidesWhetherItIsRecorded() {
        try (var tracing = on(Map.of("OTEL_TRACES_SAMPLER_ARG", "1.0"));
                var span = tracing.serve("GET /", UNRECORDED::get)) {
            assertThat(span.isRecorded()).isFalse();
            assertThat(span.headers().get("traceparent")).endsWith("-00");
        }
    }

    @Test
    void ofThoseWithoutATraceAPartIsRecorded() {
        try (var all = on(Map.of("OTEL_TRACES_SAMPLER_ARG", "1.0"));
                var none = on(Map.of("OTEL_TRACES_SAMPLER_ARG", "0.0"));
                var one = all.within("event", _ -> null, Instant.now());
                var other = none.within("event", _ -> null, Instant.now())) {
            assertThat(one.isRecorded()).isTrue();
            assertThat(other.isRecorded()).isFalse();
            assertThat(other.headers().get("traceparent")).matches(".*-0[02]"); // 2: random id
        }
    }

    @Test
    void aMessageGoesOnWithTheTraceThatItNamesItself() {
        var sender = Map.of("traceparent", "00-" + OTHER + "-00f067aa0ba902b8-01");
        try (var tracing = on(Map.of());
                var request = tracing.serve("POST /", CLIENT::get);
                var named = request.message("ping", sender::get);
                var nameless = request.message("ping", _ -> null);
                var garbled = request.message("ping", _ -> "garbage")) {
            assertThat(named.traceId()).hasValue(OTHER);
            assertThat(nameless.traceId()).hasValue(TRACE);
            assertThat(garbled.traceId()).hasValue(TRACE);
        }
    }

    @Test
    void takesWhatWasSaidOnlyWhereThatIsWantedAndWillBeSeen() {
        try (var wanted = on(Map.of(Tracing.CONTENT, "span_only"));
                var unwanted = on(Map.of(Tracing.CONTENT, "NO_CONTENT"));
                var unsaid = on(Map.of());
                var seen = wanted.serve("GET /", CLIENT::get);
                var call = seen.call("chat some");
                var unseen = wanted.serve("GET /", UNRECORDED::get)) {
            assertThat(seen.takesContent()).isTrue();
            assertThat(call.takesContent()).isTrue();
            assertThat(unseen.takesContent()).isFalse();
            assertThat(unwanted.serve("GET /", CLIENT::get).takesContent()).isFalse();
            assertThat(unsaid.serve("GET /", CLIENT::get).takesContent()).isFalse();
        }
        assertThatThrownBy(() -> on(Map.of(Tracing.CONTENT, "EVENT_ONLY")))
                .isInstanceOf(InvalidSettings.class)
                .hasMessageContaining("SPAN_ONLY");
    }

    @Test
    void saysWhichVariableIsWrong() {
        assertThatThrownBy(() -> on(Map.of("OTEL_TRACES_SAMPLER", "sometimes")))
                .isInstanceOf(InvalidSettings.class)
                .hasMessageContaining("sometimes");
    }

    private static Tracing on(Map<String, String> more) {
        var environment = new HashMap<>(more);
        environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1");
        environment.put("OTEL_EXPORTER_OTLP_TIMEOUT", "100");
        return Tracing.start("some", environment);
    }
}
