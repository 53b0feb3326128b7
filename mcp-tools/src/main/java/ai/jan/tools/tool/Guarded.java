// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.tool;

import ai.jan.database.DatabaseUnavailable;
import ai.jan.kit.identity.Identity;
import ai.jan.kit.metrics.ToolMetrics;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One tool with what every tool has: a deadline, a limit of calls at once, a circuit breaker, and
 * metrics. Whatever goes wrong becomes a {@link ToolFailure}. Thread-safe.
 */
public final class Guarded {
    private static final Logger log = LoggerFactory.getLogger(Guarded.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final String UNAVAILABLE =
            "The tool is not available at the moment. Try again later, or answer without it.";

    private final Tool tool;
    private final ExecutorService threads;
    private final ToolMetrics metrics;
    private final Semaphore places;
    private final Breaker breaker;

    /**
     * @param threads where calls run; a thread each
     */
    public Guarded(Tool tool, ExecutorService threads, ToolMetrics metrics, Clock clock) {
        this.tool = tool;
        this.threads = threads;
        this.metrics = metrics;
        this.places = new Semaphore(tool.limits().concurrency(), true);
        this.breaker = new Breaker(clock);
    }

    public ToolDefinition definition() {
        return tool.definition();
    }

    /**
     * Runs the tool within its limits.
     *
     * @throws ToolFailure if it does not answer, for whatever reason
     */
    public Answer call(Identity caller, Arguments arguments) throws InterruptedException {
        if (!breaker.admits()) {
            metrics.ended(name(), "open", Duration.ZERO);
            throw ToolFailure.backend(UNAVAILABLE);
        }
        if (!places.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            breaker.undecided();
            metrics.ended(name(), "busy", PATIENCE);
            throw ToolFailure.refused(
                    "Too many calls of this tool run now. Try again in a moment.");
        }
        long start = System.nanoTime();
        metrics.started(name());
        var outcome = "failed";
        try {
            var answer = await(submit(caller, arguments));
            breaker.succeeded();
            outcome = "ok";
            return answer;
        } catch (TimeoutException e) {
            outcome = "timeout";
            breaker.failed();
            throw ToolFailure.backend(
                    "The tool did not answer within "
                            + tool.limits().deadline().toSeconds()
                            + " s. Ask for less, or try again later.");
        } catch (ToolFailure e) {
            outcome = outcome(e);
            throw e;
        } finally {
            metrics.finished(name(), outcome, Duration.ofNanos(System.nanoTime() - start));
        }
    }

    /** The place is given back when the call has really ended, also if nobody waits for it. */
    private Future<Answer> submit(Identity caller, Arguments arguments) {
        try {
            return threads.submit(() -> {
                try {
                    return tool.call(caller, arguments);
                } finally {
                    places.release();
                }
            });
        } catch (RuntimeException e) {
            places.release();
            throw ToolFailure.backend(UNAVAILABLE).because(e);
        }
    }

    private Answer await(Future<Answer> call) throws InterruptedException, TimeoutException {
        try {
            return call.get(tool.limits().deadline().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } finally {
            call.cancel(true);
        }
    }

    private ToolFailure failure(@Nullable Throwable cause) {
        return switch (cause) {
            case ToolFailure known -> known;
            case IOException unreachable -> {
                log.warn("{}: {}", name(), causes(unreachable));
                yield ToolFailure.backend(UNAVAILABLE).because(unreachable);
            }
            case DatabaseUnavailable storage -> {
                log.warn("{}: {}", name(), causes(storage));
                yield ToolFailure.backend(UNAVAILABLE).because(storage);
            }
            case null, default -> {
                log.error("{} failed", name(), cause);
                yield cause == null
                        ? ToolFailure.backend(UNAVAILABLE)
                        : ToolFailure.backend(UNAVAILABLE).because(cause);
            }
        };
    }

    private String outcome(ToolFailure failure) {
        return switch (failure.kind()) {
            case ARGUMENTS -> {
                breaker.undecided();
                yield "arguments";
            }
            case REFUSED -> {
                breaker.undecided();
                yield "refused";
            }
            case BACKEND -> {
                breaker.failed();
                yield "failed";
            }
        };
    }

    /** Class names only: messages hold addresses and what was searched for. */
    private static String causes(Throwable failure) {
        var text = new StringBuilder();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            text.append(text.isEmpty() ? "" : " < ").append(cause.getClass().getSimpleName());
        }
        return text.toString();
    }

    private String name() {
        return tool.definition().name();
    }
}
