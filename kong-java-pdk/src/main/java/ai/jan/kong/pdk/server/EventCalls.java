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
import ai.jan.kong.pdk.message.RpcReturn;
import ai.jan.kong.pdk.wire.FrameReader;
import ai.jan.kong.pdk.wire.FrameWriter;
import ai.jan.kong.pdk.wire.PdkMethod;
import ai.jan.kong.pdk.wire.PdkMethods;
import ai.jan.kong.pdk.wire.WireTypes;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The conversation of one event. Calls are queued; waiting for one answer sends all of them and
 * reads all their answers, so a batch costs one round trip. At most {@value #WINDOW} answers are
 * outstanding, because a socket full of unread answers would stop both sides.
 *
 * <p>The lock is held while talking with Kong. Whoever ends the event, the plugin's thread or its
 * deadline, does it under the lock, so it is ended once.
 */
final class EventCalls implements Calls {
    static final int WINDOW = 64;

    private static final byte[] NOTHING = {};

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

    private final SocketChannel channel;
    private final FrameReader reader;
    private final FrameWriter writer;
    private final Phase phase;
    private final Thread owner = Thread.currentThread();
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Pending<?, ?>> unanswered = new ArrayDeque<>();
    private volatile State state = State.OPEN;
    private @Nullable PdkException loss;
    private int calls;
    private int roundTrips;
    private long waitedNanos;

    EventCalls(SocketChannel channel, FrameReader reader, FrameWriter writer, Phase phase) {
        this.channel = channel;
        this.reader = reader;
        this.writer = writer;
        this.phase = phase;
    }

    @Override
    public Phase phase() {
        return phase;
    }

    State state() {
        return state;
    }

    int calls() {
        return calls;
    }

    int roundTrips() {
        return roundTrips;
    }

    /** Why the event was lost, if it was. */
    @Nullable PdkException loss() {
        return loss;
    }

    /** How long the plugin has waited for Kong, as far as it is not waiting now. */
    long waitedNanos() {
        return waitedNanos;
    }

    @Override
    public <A, R, T> Answer<T> ask(PdkMethod<A, R> method, A argument, Function<R, T> form) {
        return queue(new Pending<>(method, form), argument);
    }

    @Override
    public <A> void tell(PdkMethod<A, Empty> method, A argument) {
        queue(new Pending<>(method, Function.identity()), argument);
    }

    @Override
    public ExitSignal exit(ExitArgs args) {
        requireOwner(PdkMethods.RESPONSE_EXIT);
        PdkMethods.RESPONSE_EXIT.check(phase, args);
        lock.lock();
        try {
            requireOpen(PdkMethods.RESPONSE_EXIT);
            sendExit(args);
        } finally {
            lock.unlock();
        }
        return new ExitSignal();
    }

    /** Ends the event normally. */
    void end(long sequence) {
        lock.lock();
        try {
            if (state == State.OPEN) {
                sendEnd(sequence);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends the event because the plugin could not: has everything queued and a line for Kong's log
     * carried out, then answers the request, or lets it go on in phases that cannot answer.
     */
    void fail(long sequence, String line, ExitArgs answer) {
        lock.lock();
        try {
            if (state == State.OPEN) {
                conclude(sequence, line, answer);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends the event in the plugin's place, from another thread.
     *
     * @return false if the plugin is talking with Kong at this moment, so that its time is not up
     */
    boolean expire(long sequence, String line, ExitArgs answer) {
        if (!lock.tryLock()) {
            return false;
        }
        try {
            if (state == State.OPEN) {
                try {
                    conclude(sequence, line, answer);
                } finally {
                    state = State.EXPIRED;
                    channel.close();
                    owner.interrupt();
                }
            }
            return true;
        } catch (IOException e) {
            return true; // closed either way
        } finally {
            lock.unlock();
        }
    }

    private void conclude(long sequence, String line, ExitArgs answer) {
        var log = new Pending<>(PdkMethods.LOG_ERR, Function.<Empty>identity());
        send(log, ListValue.of(List.of(line)));
        if (PdkMethods.RESPONSE_EXIT.phases().contains(phase)) {
            sendExit(answer);
        } else {
            sendEnd(sequence);
        }
    }

    private void sendExit(ExitArgs args) {
        exchange(); // setters and exit in one write give the client a 500
        write(PdkMethods.RESPONSE_EXIT.name(), WireTypes.EXIT_ARGS.encode(args));
        calls++;
        flush(PdkMethods.RESPONSE_EXIT.name());
        state = State.EXITED;
    }

    private void sendEnd(long sequence) {
        writer.add(NOTHING).add(WireTypes.RPC_RETURN.encode(RpcReturn.of(sequence)));
        int before = roundTrips;
        exchange();
        flush("the end of the event");
        roundTrips = before; // nobody waits for these answers but us
        state = State.ENDED;
    }

    private <A, R, T> Pending<R, T> queue(Pending<R, T> pending, A argument) {
        @SuppressWarnings("unchecked") // both public ways to get here agree on the argument
        var method = (PdkMethod<A, R>) pending.method;
        requireOwner(method);
        lock.lock();
        try {
            requireOpen(method);
            method.check(phase, argument);
            send(pending, argument);
            return pending;
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("unchecked")
    private <A> void send(Pending<?, ?> pending, A argument) {
        var method = (PdkMethod<A, ?>) pending.method;
        write(method.name(), method.argument().encode(argument));
        unanswered.add(pending);
        calls++;
        if (unanswered.size() >= WINDOW) {
            exchange();
        }
    }

    private void write(String method, byte[] argument) {
        writer.addCall(method, argument);
    }

    /** Sends what is queued and reads all answers. */
    private void exchange() {
        if (unanswered.isEmpty()) {
            return;
        }
        long start = System.nanoTime();
        flush(unanswered.getFirst().method.name());
        roundTrips++;
        try {
            while (!unanswered.isEmpty()) {
                unanswered.getFirst().answer(reader.read());
                unanswered.removeFirst();
            }
        } catch (IOException e) {
            throw lost(unanswered.getFirst().method.name(), e);
        } finally {
            waitedNanos += System.nanoTime() - start;
        }
    }

    private void flush(String culprit) {
        try {
            writer.flush(channel);
        } catch (IOException e) {
            throw lost(culprit, e);
        }
    }

    private PdkException lost(String culprit, IOException cause) {
        state = State.LOST;
        loss = new PdkException("Kong did not carry out " + culprit, cause);
        return loss;
    }

    private void requireOwner(PdkMethod<?, ?> method) {
        if (Thread.currentThread() != owner) {
            throw new IllegalStateException(
                    method + " can only be called on the thread that runs the phase");
        }
    }

    private void requireOpen(PdkMethod<?, ?> method) {
        if (state != State.OPEN) {
            throw new IllegalStateException(method + ": the event " + state.text);
        }
    }

    /** A call that Kong has not answered yet, or its answer. */
    private final class Pending<R, T> implements Answer<T> {
        private final PdkMethod<?, R> method;
        private final Function<R, T> form;
        private boolean answered;
        private @Nullable T value;
        private @Nullable RuntimeException failure;

        private Pending(PdkMethod<?, R> method, Function<R, T> form) {
            this.method = method;
            this.form = form;
        }

        private void answer(byte[] payload) throws IOException {
            var result = method.result().decode(payload);
            try {
                value = form.apply(result);
            } catch (RuntimeException e) {
                failure = e;
            }
            answered = true;
        }

        @Override
        public T get() {
            if (!answered) {
                requireOwner(method);
                lock.lock();
                try {
                    requireOpen(method);
                    exchange();
                } finally {
                    lock.unlock();
                }
            }
            if (failure != null) {
                throw failure;
            }
            return Objects.requireNonNull(value);
        }
    }
}
