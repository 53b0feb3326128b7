// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.special;

import ai.jan.bench.load.Activity;
import ai.jan.bench.load.Chat;
import ai.jan.bench.load.Rig;
import ai.jan.bench.load.Seen;
import ai.jan.bench.model.Script;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * A {@link StoreOutage} of the platform: PostgreSQL stands still, or does most of the time, under a
 * caller whose plan lets chats pass meanwhile and one whose plan does not.
 *
 * @param perSecond requests of each of them
 * @param outage how long
 * @param still of each 50 ms, the milliseconds in which it stands still; 0 for all the time
 */
public record StoreFailures(double perSecond, Duration outage, int still) implements Activity {
    private static final int CLIENTS = 64;
    private static final int TURN_MILLIS = 50;
    private static final Chat CHAT = new Chat(Script.QUICK.withTokens(8), false, 100);

    @Override
    public Outcome run(Rig rig) throws IOException, InterruptedException {
        var platform = rig.platform();
        var callers =
                List.of(
                        platform.caller("allow", "store-allow", "pro"),
                        platform.caller("deny", "store-deny", "guest"));
        long pid = platform.process("postgres").pid();
        var results =
                new StoreOutage(perSecond, CLIENTS, rig.duration(), outage)
                        .run(callers, CHAT, () -> freeze(pid));
        var figures = new Figures();
        var seen = new Seen();
        for (var result : results) {
            var policy = "_" + result.target().name();
            phase(figures, "before" + policy, result.before());
            phase(figures, "during" + policy, result.during());
            phase(figures, "after" + policy, result.after());
            figures.add("recovery" + policy, result.recovery(perSecond), "s");
            seen.add(result.before());
            seen.add(result.during());
            seen.add(result.after());
        }
        return new Outcome(seen, figures.list());
    }

    private Freeze freeze(long pid) throws IOException {
        return still == 0
                ? Freeze.whole(pid)
                : Freeze.partly(
                        pid, Duration.ofMillis(still), Duration.ofMillis(TURN_MILLIS - still));
    }

    private static void phase(Figures figures, String name, Seen seen) {
        long answered = seen.whole().getTotalCount();
        figures.add("answered_" + name, (double) answered / (answered + seen.failed()), "")
                .timesAndWorst("answered_" + name, seen.whole())
                .timesAndWorst("refused_" + name, seen.refused());
    }
}
