// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.load;

import ai.jan.bench.platform.Target;
import java.time.Duration;

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

    int clients();

    /**
     * Asks for so long, and waits for what is under way.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    default Seen run(Target target, Request request, Duration duration)
            throws InterruptedException {
        try (var clients = new Clients()) {
            var seen = clients.begin(this, target, request, duration);
            clients.run();
            return seen;
        }
    }
}
