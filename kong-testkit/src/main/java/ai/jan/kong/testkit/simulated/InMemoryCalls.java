// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import ai.jan.kong.pdk.Answer;
import ai.jan.kong.pdk.PdkException;
import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.calls.Calls;
import ai.jan.kong.pdk.calls.ExitSignal;
import ai.jan.kong.pdk.message.Empty;
import ai.jan.kong.pdk.message.ExitArgs;
import ai.jan.kong.pdk.wire.PdkMethod;
import ai.jan.kong.pdk.wire.PdkMethods;
import ai.jan.kong.pdk.wire.WireException;
import ai.jan.kong.testkit.EventOutcome;
import ai.jan.kong.testkit.LuaError;
import ai.jan.kong.testkit.PdkAnswers;
import ai.jan.kong.testkit.PdkHost;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One event: queues calls as the plugin server does, and encodes them as it does. */
final class InMemoryCalls implements Calls {
    /** As many answers as the plugin server leaves outstanding. */
    private static final int WINDOW = 64;

    private final Phase phase;
    private final PdkHost host;
    private final Thread owner = Thread.currentThread();
    private final Deque<Pending<?, ?, ?>> queue = new ArrayDeque<>();
    private Optional<EventOutcome> outcome = Optional.empty();
    private int roundTrips;

    InMemoryCalls(Phase phase, PdkHost host) {
        this.phase = phase;
        this.host = host;
    }

    @Override
    public Phase phase() {
        return phase;
    }

    int roundTrips() {
        return roundTrips;
    }

    /** How the event ended, if it has. */
    Optional<EventOutcome> outcome() {
        return outcome;
    }

    @Override
    public <A, R, T> Answer<T> ask(PdkMethod<A, R> method, A argument, Function<R, T> form) {
        requireOpen(method);
        method.check(phase, argument);
        var call = new Pending<>(method, method.argument().encode(argument), form);
        queue.add(call);
        if (queue.size() >= WINDOW) {
            exchange();
        }
        return call;
    }

    @Override
    public <A> void tell(PdkMethod<A, Empty> method, A argument) {
        ask(method, argument, Function.identity());
    }

    @Override
    public ExitSignal exit(ExitArgs args) {
        var exit = PdkMethods.RESPONSE_EXIT;
        requireOpen(exit);
        exit.check(phase, args);
        exchange();
        try {
            var sent = exit.argument().decode(exit.argument().encode(args));
            outcome = Optional.of(EventOutcome.Exited.of(sent));
        } catch (WireException e) {
            throw new AssertionError("what we have encoded", e);
        }
        return new ExitSignal();
    }

    /** Ends the event; what is queued travels with the end. */
    void end() {
        if (outcome.isEmpty()) {
            answerAll();
            outcome = Optional.of(new EventOutcome.Completed());
        }
    }

    /** Nothing more can be said to Kong. */
    void close() {
        if (outcome.isEmpty()) {
            outcome = Optional.of(new EventOutcome.Completed());
        }
    }

    private void requireOpen(PdkMethod<?, ?> method) {
        if (Thread.currentThread() != owner) {
            throw new IllegalStateException(
                    method + " can only be called on the thread that runs the phase");
        }
        if (outcome.isPresent()) {
            throw new IllegalStateException(method + ": the event has ended");
        }
    }

    private void exchange() {
        if (!queue.isEmpty()) {
            roundTrips++;
            answerAll();
        }
    }

    private void answerAll() {
        while (!queue.isEmpty()) {
            queue.removeFirst().carryOut();
        }
    }

    /** A call on its way, or its answer. */
    private final class Pending<A, R, T> implements Answer<T> {
        private final PdkMethod<A, R> method;
        private final byte[] argument;
        private final Function<R, T> form;
        private boolean answered;
        private @Nullable T value;

        Pending(PdkMethod<A, R> method, byte[] argument, Function<R, T> form) {
            this.method = method;
            this.argument = argument;
            this.form = form;
        }

        private void carryOut() {
            try {
                var received = PdkAnswers.argument(method, phase, argument);
                var answer = PdkAnswers.answer(host, method, received);
                answered = true;
                value = form.apply(method.result().decode(answer));
            } catch (LuaError e) {
                var reason = method + ": " + e.getMessage();
                outcome = Optional.of(new EventOutcome.Failed(reason));
                throw new PdkException("Kong did not carry out " + reason, e);
            } catch (WireException e) {
                throw new AssertionError("what we have encoded", e);
            }
        }

        @Override
        public T get() {
            if (!answered) {
                requireOpen(method);
                exchange();
            }
            if (value == null) {
                throw new PdkException("the answer to " + method + " was of no use");
            }
            return value;
        }
    }
}
