// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.model;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One answer being generated on a thread of its own, as the engine blocks in native code, where a
 * virtual thread would hold on to its carrier. It waits while nobody reads, and ends when it is
 * closed.
 */
final class Answering implements AutoCloseable {
    private static final int PIECES_AHEAD = 64;
    private static final Duration FAREWELL = Duration.ofSeconds(10);

    /** What happens next. */
    sealed interface Step {
        /** More text. */
        record Piece(String text) implements Step {}

        /** The end: all that is left is to say how much it was. */
        record End(String finishReason, int promptTokens, int completionTokens) implements Step {}

        /** The engine failed, or the request does not suit it. */
        record Failed(RuntimeException cause) implements Step {}
    }

    private final BlockingQueue<Step> steps = new ArrayBlockingQueue<>(PIECES_AHEAD);
    private final Thread thread;

    Answering(Supplier<Engine.Generation> begin, StopStrings stops) {
        this.thread =
                Thread.ofPlatform().daemon().name("generation").start(() -> generate(begin, stops));
    }

    /** The next step, or null if nothing has happened for that long. */
    @Nullable Step next(Duration patience) throws InterruptedException {
        return steps.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void generate(Supplier<Engine.Generation> begin, StopStrings stops) {
        try {
            generate(begin.get(), stops);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody wants the answer any more
        } catch (RuntimeException e) {
            var _ = steps.offer(new Step.Failed(e)); // it is full only if nobody reads
        }
    }

    private void generate(Engine.Generation generation, StopStrings stops)
            throws InterruptedException {
        try {
            while (!stops.isFound()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                var piece = generation.next();
                if (piece.isEmpty()) {
                    break;
                }
                put(stops.pass(piece.get()));
            }
            put(stops.rest());
            steps.put(
                    new Step.End(
                            !stops.isFound() && generation.isCutOff() ? "length" : "stop",
                            generation.promptTokens(),
                            generation.completionTokens()));
        } finally {
            generation.cancel();
        }
    }

    private void put(String text) throws InterruptedException {
        if (!text.isEmpty()) {
            steps.put(new Step.Piece(text));
        }
    }

    /** Stops generating; returns when the engine is free for somebody else. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(FAREWELL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
