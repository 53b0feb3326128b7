// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.server;

import ai.jan.kong.pdk.Kong;
import ai.jan.kong.pdk.PdkException;
import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.Plugin;
import ai.jan.kong.pdk.calls.ExitSignal;
import ai.jan.kong.pdk.calls.KongCalls;
import ai.jan.kong.pdk.message.ExitArgs;
import ai.jan.kong.pdk.message.Struct;
import ai.jan.kong.pdk.server.EventReport.Ending;
import ai.jan.kong.pdk.wire.PdkMethods;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs plugins and turns whatever they do into one of the few endings that Kong understands
 * (contract 2.8). A connection is never closed to tell of a failure, because Kong would run the
 * event again and again.
 */
final class Events {
    private static final Logger LOG = LoggerFactory.getLogger(Events.class);
    private static final int MAX_LINE = 1000;

    private final SharedPlugins shared;
    private final ServerOptions options;
    private final Deadlines deadlines;

    Events(SharedPlugins shared, ServerOptions options, Deadlines deadlines) {
        this.shared = shared;
        this.options = options;
        this.deadlines = deadlines;
    }

    /**
     * Runs one event to its end.
     *
     * @return whether the connection can be used for the next command
     */
    boolean run(Instance instance, EventCalls calls) {
        long start = System.nanoTime();
        var plugin = instance.plugin();
        var alarm = new Alarm(plugin, calls, start);
        alarm.set(options.deadline());
        Throwable failure = null;
        try {
            switch (instance) {
                case Instance.Usable usable -> run(usable, calls);
                case Instance.Refused refused -> throw refused.reason();
            }
            calls.end();
        } catch (Throwable e) { // one event's trouble must not become another's
            failure = e;
        } finally {
            alarm.cancel();
        }
        if (failure != null) {
            fail(plugin, calls, failure);
        }
        var loss = calls.loss();
        if (loss != null) {
            LOG.error("{} in {}: {}", plugin, calls.phase().wireName(), loss.getMessage());
        }
        report(plugin, calls, failure, System.nanoTime() - start);
        return calls.state() == EventCalls.State.ENDED;
    }

    private void run(Instance.Usable instance, EventCalls calls) throws Exception {
        var configured = instance.configured();
        var lease = shared.retain(configured.key(), configured.factory());
        try {
            run(lease.get(), calls, new KongCalls(calls, instance.plugin(), options.logLevel()));
        } finally {
            shared.release(configured.key(), lease);
        }
    }

    private static void run(Plugin plugin, EventCalls calls, Kong kong) throws Exception {
        switch (calls.phase()) {
            case CERTIFICATE -> plugin.certificate(kong);
            case REWRITE -> plugin.rewrite(kong);
            case ACCESS -> plugin.access(kong);
            case RESPONSE -> plugin.response(kong);
            case PREREAD -> plugin.preread(kong);
            case LOG -> plugin.log(kong);
        }
    }

    private void fail(String plugin, EventCalls calls, Throwable failure) {
        switch (calls.state()) {
            case OPEN -> {
                LOG.error("{} failed in {}", plugin, calls.phase().wireName(), failure);
                var text =
                        "[" + plugin + "] failed in " + calls.phase().wireName() + ": " + failure;
                try {
                    calls.fail(oneLine(text), answer(calls.phase(), failure));
                } catch (PdkException e) {
                    LOG.debug("and Kong could not be told", e);
                }
            }
            case EXITED -> {
                if (!(failure instanceof ExitSignal)) {
                    LOG.error("{} failed after kong.response.exit", plugin, failure);
                }
            }
            case LOST, ENDED, EXPIRED -> LOG.debug("{} was stopped", plugin, failure);
        }
    }

    private ExitArgs answer(Phase phase, Throwable failure) {
        try {
            return checked(phase, options.errorAnswers().to(failure));
        } catch (RuntimeException | Error e) {
            LOG.error("no answer could be made for a failure", e);
            return args(ErrorAnswer.KONG);
        }
    }

    private static ExitArgs checked(Phase phase, ErrorAnswer answer) {
        var args = args(answer);
        if (PdkMethods.RESPONSE_EXIT.phases().contains(phase)) {
            PdkMethods.RESPONSE_EXIT.check(phase, args);
        }
        return args;
    }

    private static ExitArgs args(ErrorAnswer answer) {
        return new ExitArgs(answer.status(), answer.body(), Struct.of(answer.headers()));
    }

    private static String oneLine(String text) {
        var line = text.replaceAll("[\\r\\n]+", " | ");
        return line.length() > MAX_LINE ? line.substring(0, MAX_LINE) + "…" : line;
    }

    private void report(String plugin, EventCalls calls, @Nullable Throwable failure, long nanos) {
        var ending =
                switch (calls.state()) {
                    case OPEN, LOST -> Ending.LOST;
                    case EXPIRED -> Ending.EXPIRED;
                    case EXITED ->
                            failure == null || failure instanceof ExitSignal
                                    ? Ending.EXITED
                                    : Ending.FAILED;
                    case ENDED -> failure == null ? Ending.COMPLETED : Ending.FAILED;
                };
        try {
            options.listener()
                    .ended(
                            new EventReport(
                                    plugin,
                                    calls.phase(),
                                    ending,
                                    calls.pipeline().calls(),
                                    calls.pipeline().roundTrips(),
                                    Duration.ofNanos(nanos)));
        } catch (RuntimeException e) {
            LOG.error("the listener failed", e);
        }
    }

    /** Ends an event whose plugin has thought for too long. */
    private final class Alarm {
        private static final Duration WHILE_TALKING = Duration.ofMillis(20);

        private final String plugin;
        private final EventCalls calls;
        private final long start;
        private boolean over;
        private @Nullable Future<?> next;

        Alarm(String plugin, EventCalls calls, long start) {
            this.plugin = plugin;
            this.calls = calls;
            this.start = start;
        }

        synchronized void set(Duration delay) {
            if (!over) {
                next = deadlines.after(delay, this::ring);
            }
        }

        synchronized void cancel() {
            over = true;
            if (next != null) {
                next.cancel(false);
            }
        }

        private void ring() {
            var left =
                    options.deadline()
                            .minusNanos(System.nanoTime() - start - calls.pipeline().waitedNanos());
            if (left.isPositive()) {
                set(left);
                return;
            }
            var text = plugin + " took longer than " + options.deadline().toMillis() + " ms";
            var failure = new TimeoutException(text);
            try {
                var answer = answer(calls.phase(), failure);
                if (!calls.expire("[" + plugin + "] took too long", answer)) {
                    set(WHILE_TALKING);
                } else {
                    LOG.error("{} in {}", text, calls.phase().wireName());
                }
            } catch (PdkException e) {
                LOG.error("{}, and Kong could not be told", text, e);
            }
        }
    }
}
