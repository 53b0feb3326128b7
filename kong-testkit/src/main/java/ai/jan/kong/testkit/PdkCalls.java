// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit;

import ai.jan.kong.pdk.wire.PdkMethod;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A typed table of what to do for each method of Kong's PDK, built once and bound to each request.
 * A method that is not in the table raises an error, so that nothing is answered by accident.
 *
 * <pre>{@code
 * static final PdkCalls<Exchange> CALLS = PdkCalls.<Exchange>builder()
 *         .on(PdkMethods.REQUEST_GET_METHOD, (exchange, nothing) -> exchange.method())
 *         .on(PdkMethods.REQUEST_GET_HEADER, (exchange, name) -> exchange.header(name))
 *         .run(PdkMethods.RESPONSE_SET_STATUS, (exchange, status) -> exchange.setStatus(status))
 *         .build();
 * worker.run(entity, Phase.ACCESS, CALLS.bind(exchange));
 * }</pre>
 *
 * Thread-safe.
 *
 * @param <C> what the calls are about, such as the request being served
 */
public final class PdkCalls<C> {
    /** Answers a call; null is nil. */
    @FunctionalInterface
    public interface Getter<C, A, R> {
        @Nullable R answer(C context, A argument) throws LuaError;
    }

    /** Carries out a call that has no result. */
    @FunctionalInterface
    public interface Setter<C, A> {
        void run(C context, A argument) throws LuaError;
    }

    private final Map<PdkMethod<?, ?>, Getter<C, ?, ?>> calls;

    private PdkCalls(Map<PdkMethod<?, ?>, Getter<C, ?, ?>> calls) {
        this.calls = Map.copyOf(calls);
    }

    public static <C> Builder<C> builder() {
        return new Builder<>();
    }

    /** The table, at work on one request. */
    public PdkHost bind(C context) {
        return (method, argument) -> call(context, method, argument);
    }

    private <A> @Nullable Object call(C context, PdkMethod<A, ?> method, Object argument)
            throws LuaError {
        @SuppressWarnings("unchecked") // the builder let in only what fits the method
        var call = (Getter<C, A, ?>) calls.get(method);
        if (call == null) {
            throw new LuaError(method + " is not supported here");
        }
        @SuppressWarnings("unchecked") // the worker decoded it by the method's own type
        var typed = (A) argument;
        return call.answer(context, typed);
    }

    /** Collects the table. */
    public static final class Builder<C> {
        private final Map<PdkMethod<?, ?>, Getter<C, ?, ?>> calls = new HashMap<>();

        private Builder() {}

        /** Answers a method that has a result. */
        public <A, R> Builder<C> on(PdkMethod<A, R> method, Getter<C, A, R> getter) {
            calls.put(method, getter);
            return this;
        }

        /** Carries out a method that has none. */
        public <A> Builder<C> run(PdkMethod<A, ?> method, Setter<C, A> setter) {
            calls.put(
                    method,
                    (Getter<C, A, Object>)
                            (context, argument) -> {
                                setter.run(context, argument);
                                return null;
                            });
            return this;
        }

        public PdkCalls<C> build() {
            return new PdkCalls<>(calls);
        }
    }
}
