// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.server;

import ai.jan.kong.pdk.PdkException;
import ai.jan.kong.pdk.calls.ExitSignal;
import ai.jan.kong.pdk.server.EventReport.Ending;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has plugins run, and turns whatever they do into one of the few endings that Kong understands
 * (contract 2.8). A connection is never closed to tell of a failure, because Kong would run the
 * event again and again.
 */
final class Events {
    private static final Logger LOG = LoggerFactory.getLogger(Events.class);

    /** When to look again at a plugin whose time is up while it talks with Kong. */
    private static final Duration WHILE_TALKING = Duration.ofMillis(20);

    private final SharedPlugins shared;
    private final ServerOptions options;
    private final Workers workers;
    private final Deadlines deadlines;

    Events(SharedPlugins shared, ServerOptions options, Workers workers, Deadlines deadlines) {
        this.shared = shared;
        this.options = options;
        this.workers = workers;
        this.deadlines = deadlines;
    }

    /**
     * Runs one event to its end: here, if this is a thread of the system, which saves handing it
     * over; else on another, and then the end comes at its deadline at the latest.
     *
     * @return whether the connection can be used for the next command
     */
    boolean run(Instance instance, EventCalls calls) {
        var event = new RunningEvent(instance, calls, shared, options);
        var run = new Run(event, instance, calls);
        tell(() -> options.listener().started(instance.plugin(), calls.phase()));
        try {
            if (Thread.currentThread().isVirtual()) {
                var job = workers.start(instance.plugin(), event, options.deadline());
                if (!endsInTime(event, instance, calls)) {
                    job.giveUp();
                }
            } else {
                runHere(workers.admit(instance.plugin(), event, options.deadline()), run);
            }
        } catch (RejectedExecutionException e) {
            event.fail(e);
        } catch (InterruptedException e) { // the server stops
            calls.interrupt();
        }
        run.reportOnce();
        return calls.state() == EventCalls.State.ENDED;
    }

    private void runHere(Workers.Job job, Run run) {
        var watch = new Alarm(job, run);
        deadlines.add(watch);
        try {
            job.run();
        } finally {
            deadlines.remove(watch);
            Thread.interrupted(); // whatever interrupted the plugin is not meant for the next one
        }
    }

    /** One event, and what is told of it. */
    private final class Run {
        private final RunningEvent event;
        private final Instance instance;
        private final EventCalls calls;
        private final long start = System.nanoTime();
        private final AtomicBoolean reported = new AtomicBoolean();

        Run(RunningEvent event, Instance instance, EventCalls calls) {
            this.event = event;
            this.instance = instance;
            this.calls = calls;
        }

        /** At its end, or when it is given up: a plugin may never end. */
        void reportOnce() {
            if (!reported.compareAndSet(false, true)) {
                return;
            }
            var loss = calls.loss();
            if (loss != null) {
                LOG.error(
                        "{} in {}: {}",
                        instance.plugin(),
                        calls.phase().wireName(),
                        loss.getMessage());
            }
            long nanos = System.nanoTime() - start;
            tell(() -> options.listener().ended(report(instance, calls, event.failure(), nanos)));
        }
    }

    /** Ends an event whose plugin has thought for too long, from outside. */
    private final class Alarm extends Deadlines.Watch {
        private final Workers.Job job;
        private final Run run;
        private final long start = System.nanoTime();

        Alarm(Workers.Job job, Run run) {
            this.job = job;
            this.run = run;
        }

        @Override
        long left() {
            return options.deadline().toNanos()
                    - (System.nanoTime() - start - run.calls.pipeline().waitedNanos());
        }

        @Override
        void ring() {
            if (expire(run.instance, run.calls) && run.calls.state() == EventCalls.State.EXPIRED) {
                deadlines.remove(this);
                job.giveUp();
                run.reportOnce();
            }
        }
    }

    /** Waits for the end; a plugin that has thought for too long is ended. */
    private boolean endsInTime(RunningEvent event, Instance instance, EventCalls calls)
            throws InterruptedException {
        long start = System.nanoTime();
        long left = options.deadline().toNanos();
        while (!event.await(left)) {
            long thought = System.nanoTime() - start - calls.pipeline().waitedNanos();
            left = options.deadline().toNanos() - thought;
            if (left <= 0) {
                if (expire(instance, calls)) {
                    return event.await(0);
                }
                left = WHILE_TALKING.toNanos();
            }
        }
        return true;
    }

    private boolean expire(Instance instance, EventCalls calls) {
        var plugin = instance.plugin();
        var text = plugin + " took longer than " + options.deadline().toMillis() + " ms";
        var answer =
                FailureAnswers.of(instance, calls.phase(), new TimeoutException(text), options);
        try {
            if (!calls.expire("[" + plugin + "] took too long", answer)) {
                return false;
            }
            LOG.error("{} in {}", text, calls.phase().wireName());
        } catch (PdkException e) {
            LOG.error("{}, and Kong could not be told", text, e);
        }
        return true;
    }

    private static EventReport report(
            Instance instance, EventCalls calls, @Nullable Throwable failure, long nanos) {
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
        return new EventReport(
                instance.plugin(),
                calls.phase(),
                ending,
                calls.pipeline().calls(),
                calls.pipeline().roundTrips(),
                Duration.ofNanos(nanos));
    }

    private static void tell(Runnable news) {
        try {
            news.run();
        } catch (RuntimeException e) {
            LOG.error("the listener failed", e);
        }
    }
}
