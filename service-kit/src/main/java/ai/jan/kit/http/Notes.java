// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.http;

import ai.jan.kit.telemetry.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a route tells of its request for the log and the metrics: who asks, which model, how much.
 * There is no place here for what was said. Belongs to the thread of its route.
 */
public final class Notes {
    private static final int UNKNOWN = -1;

    private final long begun = System.nanoTime();
    private @Nullable Span call;
    private @Nullable Span flow;
    private List<String> finishReasons = List.of();
    private @Nullable String subject;
    private @Nullable String plan;
    private @Nullable String operation;
    private @Nullable String model;
    private @Nullable String backend;
    private @Nullable String error;
    private boolean stream;
    private long firstByte = UNKNOWN;
    private long firstToken = UNKNOWN;
    private long lastToken = UNKNOWN;
    private long inputTokens = UNKNOWN;
    private long outputTokens = UNKNOWN;

    Notes() {}

    /** Who asks. */
    public void caller(String subject, String plan) {
        this.subject = subject;
        this.plan = plan;
    }

    /**
     * A model is asked.
     *
     * @param operation one of a closed set, such as {@code chat}
     * @param model a configured one
     */
    public void asks(String operation, String model, boolean stream) {
        this.operation = operation;
        this.model = model;
        this.stream = stream;
    }

    /**
     * A model server is asked, perhaps after another one failed.
     *
     * @param span of that
     */
    public void backend(String name, Span span) {
        backend = name;
        call = span;
    }

    /** Something that the model said has come. */
    public void token() {
        lastToken = sinceBegin();
        if (firstToken == UNKNOWN) {
            firstToken = lastToken;
            if (stream && call != null) {
                call.event("gen_ai.first_token");
                flow = call.step("stream");
            }
        }
    }

    /** Whether anybody will see the span of the model server that is asked. */
    public boolean isTraced() {
        return call != null && call.isRecorded();
    }

    /**
     * A choice of the model ends.
     *
     * @param reason in the model server's word
     */
    public void finishes(String reason) {
        var reasons = new ArrayList<>(finishReasons); // mostly one
        reasons.add(reason);
        finishReasons = List.copyOf(reasons);
    }

    /** The model server that was asked last has said all, or failed; its span is to be ended. */
    public void answered() {
        if (flow != null) {
            flow.close();
            flow = null;
        }
        if (call != null && knowsTokens()) {
            call.with("gen_ai.usage.input_tokens", inputTokens)
                    .with("gen_ai.usage.output_tokens", outputTokens);
        }
        if (call != null && !finishReasons.isEmpty()) {
            call.with("gen_ai.response.finish_reasons", finishReasons);
        }
        finishReasons = List.of();
        call = null;
    }

    /** What the model server says that it used. */
    public void used(long input, long output) {
        inputTokens = input;
        outputTokens = output;
    }

    /** The request fails, perhaps after its status was sent. */
    public void failed(int status) {
        error = String.valueOf(status);
    }

    /** The first byte of the answer goes out. */
    void sent() {
        if (firstByte == UNKNOWN) {
            firstByte = sinceBegin();
        }
    }

    @Nullable String subject() {
        return subject;
    }

    @Nullable String plan() {
        return plan;
    }

    @Nullable String operation() {
        return operation;
    }

    @Nullable String model() {
        return model;
    }

    @Nullable String backend() {
        return backend;
    }

    @Nullable String error() {
        return error;
    }

    boolean isStream() {
        return stream;
    }

    /** From the request to the first byte of its answer. */
    @Nullable Duration toFirstByte() {
        return firstByte == UNKNOWN ? null : Duration.ofNanos(firstByte);
    }

    /** From the request to the first token. */
    @Nullable Duration toFirstToken() {
        return firstToken == UNKNOWN ? null : Duration.ofNanos(firstToken);
    }

    /** From the first token to the last. */
    Duration toLastToken() {
        return Duration.ofNanos(lastToken - firstToken);
    }

    boolean knowsTokens() {
        return inputTokens != UNKNOWN;
    }

    long inputTokens() {
        return inputTokens;
    }

    long outputTokens() {
        return outputTokens;
    }

    private long sinceBegin() {
        return System.nanoTime() - begun;
    }
}
