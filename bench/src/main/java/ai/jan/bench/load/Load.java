// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** How many clients ask, and when. */
public sealed interface Load {
    /**
     * Each client asks again as soon as it has its answer: shows how much is carried, and hides how
     * long somebody had to wait who would have come in between.
     */
    record Closed(int clients) implements Load {}

    /**
     * Requests are due at fixed moments, whatever became of the others, and the wait is counted
     * from then: what users feel.
     *
     * @param perSecond how many are due
     * @param clients how many at once at most; the others wait, and the wait is counted
     */
    record Open(double perSecond, int clients) implements Load {}

    /**
     * Asks for so long, and waits for what is under way.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    default Seen run(Target target, Chat chat, Duration duration) throws InterruptedException {
        long begin = System.nanoTime();
        long end = begin + duration.toNanos();
        var next = new AtomicLong();
        var seen = new Seen();
        var clients = new ArrayList<Future<?>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < clients(); i++) {
                clients.add(threads.submit(() -> ask(target, chat, begin, end, next, seen)));
            }
        }
        for (var client : clients) {
            if (client.state() == Future.State.FAILED) {
                throw new IllegalStateException("a client has failed", client.exceptionNow());
            }
        }
        return seen;
    }

    private void ask(Target target, Chat chat, long begin, long end, AtomicLong next, Seen seen) {
        try (var connection = new Connection(target)) {
            long due;
            while ((due = due(begin, next)) - end < 0) {
                connection.ask(chat, due, seen);
            }
        }
    }

    int clients();

    private long due(long begin, AtomicLong next) {
        return switch (this) {
            case Closed _ -> System.nanoTime();
            case Open(double perSecond, int _) -> {
                long due = begin + (long) (next.getAndIncrement() * 1e9 / perSecond);
                for (long left; (left = due - System.nanoTime()) > 0; ) {
                    LockSupport.parkNanos(left);
                }
                yield due;
            }
        };
    }
}
