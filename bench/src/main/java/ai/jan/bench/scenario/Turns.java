// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.scenario;

import ai.jan.bench.load.Chat;
import ai.jan.bench.load.Load;
import ai.jan.bench.load.Seen;
import ai.jan.bench.platform.Target;
import ai.jan.bench.report.Curve;
import ai.jan.bench.report.Result.Side;
import java.time.Duration;

/** What the clients of one target see, turn after turn. */
final class Turns {
    private static final Duration MILLISECOND = Duration.ofMillis(1);

    private final Target target;
    private final Seen seen = new Seen();
    private long nanos;

    Turns(Target target) {
        this.target = target;
    }

    void run(Load load, Chat chat, Duration duration) throws InterruptedException {
        long begun = System.nanoTime();
        seen.add(load.run(target, chat, duration));
        nanos += System.nanoTime() - begun;
    }

    /** Until the compiler has seen the way, and connections are open; nothing is kept. */
    void warmUp(Load load, Chat chat, Duration duration) throws InterruptedException {
        var _ = load.run(target, chat, duration);
    }

    Side side() {
        return side(seen, nanos);
    }

    /**
     * @param nanos for how long requests were made and answered
     */
    static Side side(Seen seen, long nanos) {
        return new Side(
                nanos / 1e9,
                seen.whole().getTotalCount(),
                seen.tokens(),
                seen.failures(),
                Curve.of(seen.whole()),
                Curve.of(seen.firstToken()),
                Curve.of(seen.onTheWay()),
                Curve.of(seen.jitter()),
                seen.between().getTotalCount() == 0 ? 0 : 1 / seen.carried(MILLISECOND));
    }
}
