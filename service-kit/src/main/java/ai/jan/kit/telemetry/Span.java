// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.telemetry;

import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A part of what is done for one request; ended by closing it. There is nothing to find out about a
 * span but what those that go on with the request elsewhere need. Thread-safe.
 */
public final class Span implements AutoCloseable {
    private final Tracing tracing;
    private final io.opentelemetry.api.trace.Span span;

    Span(Tracing tracing, io.opentelemetry.api.trace.Span span) {
        this.tracing = tracing;
        this.span = span;
    }

    /** A part of it, done here. */
    public Span step(String name) {
        return child(name, SpanKind.INTERNAL);
    }

    /** A part of it that another process is asked for. */
    public Span call(String name) {
        return child(name, SpanKind.CLIENT);
    }

    /**
     * A message that came within it and is answered here. It goes on with the trace that the
     * message names, and points here; where it names none it is a part of this.
     *
     * @param names what the message says by the name of a header of W3C's trace context
     */
    public Span message(String name, Function<String, @Nullable String> names) {
        var named = Tracing.context(names);
        var builder = tracing.tracer().spanBuilder(name).setSpanKind(SpanKind.SERVER);
        if (io.opentelemetry.api.trace.Span.fromContext(named).getSpanContext().isValid()) {
            builder.setParent(named).addLink(span.getSpanContext());
        } else {
            builder.setParent(Context.root().with(span));
        }
        return new Span(tracing, builder.startSpan());
    }

    /** It turns out to be this. */
    public Span named(String name) {
        span.updateName(name);
        return this;
    }

    public Span with(String attribute, String value) {
        span.setAttribute(attribute, value);
        return this;
    }

    public Span with(String attribute, long value) {
        span.setAttribute(attribute, value);
        return this;
    }

    public Span with(String attribute, List<String> values) {
        span.setAttribute(
                io.opentelemetry.api.common.AttributeKey.stringArrayKey(attribute), values);
        return this;
    }

    /** Something has happened just now. */
    public void event(String name) {
        span.addEvent(name);
    }

    /**
     * It fails.
     *
     * @param type of a closed set; not a message, which may quote somebody
     */
    public void fails(String type) {
        span.setAttribute("error.type", type);
        span.setStatus(StatusCode.ERROR);
    }

    /** Whether anybody will see it. */
    public boolean isRecorded() {
        return span.isRecording();
    }

    /**
     * Whether what was said may be told in it: only if somebody will see it, and whoever operates
     * this has opted in ({@link Tracing#CONTENT}).
     */
    public boolean takesContent() {
        return tracing.takesContent() && span.isRecording();
    }

    /** The headers by which another process goes on with this trace; none if there is none. */
    public Map<String, String> headers() {
        var headers = new TreeMap<String, String>();
        W3CTraceContextPropagator.getInstance()
                .inject(
                        Context.root().with(span),
                        headers,
                        (all, name, value) -> {
                            if (all != null) {
                                all.put(name, value);
                            }
                        });
        return headers;
    }

    /** The id of the whole trace, if there is one. */
    public Optional<String> traceId() {
        var context = span.getSpanContext();
        return context.isValid() ? Optional.of(context.getTraceId()) : Optional.empty();
    }

    @Override
    public void close() {
        span.end();
    }

    /** Parts of what nobody will see are not seen either, and cost nothing. */
    private Span child(String name, SpanKind kind) {
        if (!span.getSpanContext().isSampled()) {
            return this;
        }
        return new Span(
                tracing,
                tracing.tracer()
                        .spanBuilder(name)
                        .setSpanKind(kind)
                        .setParent(Context.root().with(span))
                        .startSpan());
    }
}
