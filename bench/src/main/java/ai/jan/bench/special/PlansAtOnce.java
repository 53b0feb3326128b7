// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.special;

import ai.jan.bench.load.Activity;
import ai.jan.bench.load.Chat;
import ai.jan.bench.load.Load;
import ai.jan.bench.load.Rig;
import ai.jan.bench.load.Seen;
import ai.jan.bench.model.Script;
import ai.jan.bench.platform.Setup;
import ai.jan.bench.special.MixedPlans.Caller;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/**
 * {@link MixedPlans} of the platform, with the limits that {@code kong.yml} has for everybody. The
 * admin's caller asks for less than that plan allows, alone at first and then beside the others,
 * who ask for several times what theirs do.
 *
 * @param times how many times as much as the plan allows for ever
 */
public record PlansAtOnce(int times) implements Activity {
    private static final Chat CHAT = new Chat(Script.QUICK.withTokens(8), false, 100);

    private static final Load WARM_UP = new Load.Closed(4);
    private static final Duration WARM_UP_TIME = Duration.ofSeconds(10);

    private record Plan(String name, int perMinute, int clients) {}

    private static final List<Plan> LIMITED =
            List.of(new Plan("guest", 20, 2), new Plan("user", 100, 8), new Plan("pro", 600, 32));
    private static final Plan FREE = new Plan("admin", 6000, 64);
    private static final int FREE_PER_SECOND = 50;

    @Override
    public Setup setup() {
        return Setup.LIMITED;
    }

    @Override
    public Outcome run(Rig rig) throws IOException, InterruptedException {
        var run = String.valueOf(System.currentTimeMillis()); // buckets that nobody has used
        var callers = new ArrayList<Caller>();
        for (var plan : LIMITED) {
            double perSecond = (plan.perMinute + allowed(rig, plan)) / seconds(rig) * times;
            callers.add(caller(rig, plan, run, perSecond));
        }
        var free = caller(rig, FREE, run, FREE_PER_SECOND);
        var warm = rig.platform().caller("warm-up", "warm-up-" + run, FREE.name);
        var _ = WARM_UP.run(warm, CHAT, WARM_UP_TIME);
        var mixed = new MixedPlans(rig.duration());
        var alone = mixed.run(List.of(free), CHAT).getFirst();
        callers.add(free);
        var uncounted = new Uncounted(rig.platform().url("plugins_metrics_url"));
        var before = new HashMap<String, Long>();
        for (var caller : callers) {
            before.put(caller.target().name(), uncounted.of(caller.target().name()));
        }
        var results = mixed.run(callers, CHAT);

        var figures = new Figures().times("admitted_alone_admin", alone.seen().whole());
        var seen = new Seen();
        seen.add(alone.seen());
        for (var result : results) {
            var plan = result.caller().target().name();
            long passed = uncounted.of(plan) - before.getOrDefault(plan, 0L);
            figures.add("offered_" + plan, result.caller().perSecond(), "1/s")
                    .add("share_of_limit_" + plan, result.shareOfLimit(passed), "")
                    .add("uncounted_" + plan, (double) passed, "")
                    .times("admitted_" + plan, result.seen().whole())
                    .times("refused_" + plan, result.seen().refused());
            seen.add(result.seen());
        }
        return new Outcome(seen, figures.list());
    }

    /** What refills while it is asked for. */
    private static double allowed(Rig rig, Plan plan) {
        return plan.perMinute * seconds(rig) / 60;
    }

    private static double seconds(Rig rig) {
        return rig.duration().toMillis() / 1000.0;
    }

    private static Caller caller(Rig rig, Plan plan, String run, double perSecond)
            throws IOException, InterruptedException {
        var target = rig.platform().caller(plan.name, plan.name + "-" + run, plan.name);
        return new Caller(target, perSecond, plan.clients, plan.perMinute);
    }
}
