// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins;

import ai.jan.kit.telemetry.Span;
import ai.jan.kit.telemetry.Tracing;
import ai.jan.kong.pdk.Answer;
import ai.jan.kong.pdk.Kong;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One event of a plugin: the request it is about, and its part of the trace. What it wants to know
 * of the request is asked for together with what the plugin asks for. Used by one thread.
 */
public final class Event {
    private static final String TRACEPARENT = "traceparent";
    private static final String TRACESTATE = "tracestate";

    private final String name;
    private final Tracing tracing;
    private final Instant since = Instant.now();
    private final Answer<Optional<String>> requestId;
    private final @Nullable Answer<Optional<String>> traceparent;
    private final @Nullable Answer<Optional<String>> tracestate;
    private @Nullable Span root;
    private @Nullable String error;
    private int status;

    Event(String plugin, Kong kong, Tracing tracing) {
        this.name = plugin + " access";
        this.tracing = tracing;
        this.requestId = kong.nginx().getVar("kong_request_id");
        this.traceparent = tracing.isOn() ? kong.request().getHeader(TRACEPARENT) : null;
        this.tracestate = tracing.isOn() ? kong.request().getHeader(TRACESTATE) : null;
    }

    /** The gateway's id of the request. */
    public String requestId() {
        return requestId
                .get()
                .filter(id -> !id.isEmpty())
                .orElseGet(() -> UUID.randomUUID().toString());
    }

    /**
     * Begins a trace for a request that came without one, with this event as its root.
     *
     * @return the header by which others join it; empty if no traces are made here
     */
    public Optional<String> newTrace() {
        if (!tracing.isOn()) {
            return Optional.empty();
        }
        root = tracing.within(name, _ -> null, since);
        return Optional.ofNullable(root.headers().get(TRACEPARENT));
    }

    /** The plugin has answered the request. */
    void answered(int withStatus) {
        status = withStatus;
        error = withStatus >= 500 ? String.valueOf(withStatus) : null;
    }

    /** The plugin has failed. */
    void failed(Throwable failure) {
        error = failure.getClass().getSimpleName();
    }

    /** The event is over. */
    void end() {
        if (traceparent == null || tracestate == null) {
            return;
        }
        try (var span = root == null ? joined(traceparent, tracestate) : root) {
            span.with("jan.request.id", requestId());
            if (status != 0) {
                span.with("http.response.status_code", status);
            }
            if (error != null) {
                span.fails(error);
            }
        }
    }

    /** Kong has answered by now: whatever a plugin does, it does not do it without asking. */
    private Span joined(Answer<Optional<String>> parent, Answer<Optional<String>> state) {
        return tracing.within(
                name,
                header ->
                        switch (header) {
                            case TRACEPARENT -> parent.get().orElse(null);
                            case TRACESTATE -> state.get().orElse(null);
                            default -> null;
                        },
                since);
    }
}
