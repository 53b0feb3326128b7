// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.server;

import ai.jan.kong.pdk.Answer;
import ai.jan.kong.pdk.PdkException;
import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.calls.Calls;
import ai.jan.kong.pdk.calls.ExitSignal;
import ai.jan.kong.pdk.message.Empty;
import ai.jan.kong.pdk.message.ExitArgs;
import ai.jan.kong.pdk.message.ListValue;
import ai.jan.kong.pdk.wire.PdkMethod;
import ai.jan.kong.pdk.wire.PdkMethods;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What may be said to Kong in one event: by whom, in which phase, and only until the event is over.
 * The lock is held while talking with Kong. Whoever ends the event, the plugin's thread or its
 * deadline, does it under the lock, so it is ended once.
 */
final class EventCalls implements Calls {
    /** What has become of the event. */
    enum State {
        OPEN("is running"),
        ENDED("has ended"),
        EXITED("has ended with kong.response.exit"),
        EXPIRED("took too long and has been ended"),
        LOST("was given up by Kong");

        private final String text;

        State(String text) {
            this.text = text;
        }
    }

    private final Phase phase;
    private final long sequence;
    private final Pipeline pipeline;
    private volatile @Nullable Thread owner;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile State state = State.OPEN;
    private volatile @Nullable PdkException loss;

    EventCalls(Phase phase, long sequence, Pipeline pipeline) {
        this.phase = phase;
        this.sequence = sequence;
        this.pipeline = pipeline;
    }

    /** Makes this thread the one that runs the plugin, and may speak for it. */
    void begin() {
        owner = Thread.currentThread();
    }

    /** Gives the event up, if it is not over, and interrupts the plugin. */
    void interrupt() {
        lock.lock();
        try {
            if (state == State.OPEN) {
                state = State.LOST;
                interruptOwner();
            }
        } finally {
            lock.unlock();
        }
    }

    private void interruptOwner() {
        var thread = owner;
        if (thread != null) {
            thread.interrupt();
        }
    }

    @Override
    public Phase phase() {
        return phase;
    }

    State state() {
        return state;
    }

    /** Why the event was lost, if it was. */
    @Nullable PdkException loss() {
        return loss;
    }

    Pipeline pipeline() {
        return pipeline;
    }

    @Override
    public <A, R, T> Answer<T> ask(PdkMethod<A, R> method, A argument, Function<R, T> form) {
        return queue(method, argument, form);
    }

    @Override
    public <A> void tell(PdkMethod<A, Empty> method, A argument) {
        queue(method, argument, Function.identity());
    }

    @Override
    public ExitSignal exit(ExitArgs args) {
        var exit = PdkMethods.RESPONSE_EXIT;
        talk(
                exit,
                () -> {
                    exit.check(phase, args);
                    sendExit(args);
                });
        return new ExitSignal();
    }

    /** Ends the event normally, if it is still open. */
    void end() {
        lock.lock();
        try {
            if (state == State.OPEN) {
                guarded(this::sendEnd);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends the event because the plugin could not, if it is still open: has everything queued and a
     * line for Kong's log carried out, then answers the request, or lets it go on if there is no
     * answer and in phases that cannot answer.
     */
    void fail(String line, Optional<ExitArgs> answer) {
        lock.lock();
        try {
            if (state == State.OPEN) {
                guarded(() -> conclude(line, answer));
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends the event in the plugin's place, from another thread, and interrupts the plugin.
     *
     * @return false if the plugin is talking with Kong at this moment, so that its time is not up
     */
    boolean expire(String line, Optional<ExitArgs> answer) {
        if (!lock.tryLock()) {
            return false;
        }
        try {
            if (state == State.OPEN) {
                try {
                    guarded(() -> conclude(line, answer));
                } finally {
                    state = State.EXPIRED;
                    pipeline.close();
                    interruptOwner();
                }
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private <A, R, T> Answer<T> queue(PdkMethod<A, R> method, A argument, Function<R, T> form) {
        var call = new PendingAnswer<>(method, form, m -> talk(m, pipeline::exchange));
        talk(
                method,
                () -> {
                    method.check(phase, argument);
                    pipeline.add(call, method.argument().encode(argument));
                });
        return call;
    }

    /** Does something that the plugin asked for, if it may ask. */
    private void talk(PdkMethod<?, ?> method, Runnable action) {
        if (Thread.currentThread() != owner) {
            throw new IllegalStateException(
                    method + " can only be called on the thread that runs the phase");
        }
        lock.lock();
        try {
            if (state != State.OPEN) {
                throw new IllegalStateException(method + ": the event " + state.text);
            }
            guarded(action);
        } finally {
            lock.unlock();
        }
    }

    private void guarded(Runnable action) {
        try {
            action.run();
        } catch (PdkException e) {
            state = State.LOST;
            loss = e;
            throw e;
        }
    }

    private void conclude(String line, Optional<ExitArgs> answer) {
        var log = PdkMethods.LOG_ERR;
        pipeline.add(
                new PendingAnswer<>(log, Function.identity(), _ -> {}),
                log.argument().encode(ListValue.of(List.of(line))));
        if (answer.isPresent() && PdkMethods.RESPONSE_EXIT.phases().contains(phase)) {
            sendExit(answer.get());
        } else {
            sendEnd();
        }
    }

    private void sendExit(ExitArgs args) {
        var exit = PdkMethods.RESPONSE_EXIT;
        pipeline.last(exit.name(), exit.argument().encode(args));
        state = State.EXITED;
    }

    private void sendEnd() {
        pipeline.end(sequence);
        state = State.ENDED;
    }
}
