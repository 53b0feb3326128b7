// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.quick;

import ai.jan.bench.load.Chat;
import ai.jan.bench.load.Load;
import ai.jan.bench.load.Seen;
import ai.jan.bench.model.Script;
import ai.jan.bench.platform.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** Each way once, one right after the other, so that the machine is the same for all. */
final class Round {
    private static final Chat WHOLE = new Chat(Script.QUICK, false, 900);
    private static final Chat STREAM = new Chat(Script.QUICK.withTokens(128), true, 900);
    private static final Load MANY = new Load.Closed(8);
    private static final Load FEW = new Load.Closed(4);
    private static final Duration FIRST = Duration.ofMillis(50);
    private static final Duration GAP = Duration.ofMillis(20);
    private static final Chat PACED =
            new Chat(Script.QUICK.withTokens(20).withTimes(FIRST, GAP), true, 900);

    /** A quarter is quicker: what is in the way of all shows here, what disturbs some does not. */
    private static final double USUAL = 25;

    /** Seconds of a processor used so far. */
    @FunctionalInterface
    interface Cpu {
        double seconds() throws IOException;
    }

    /**
     * A way to the model.
     *
     * @param cpu of those on the way; of the model and who asks it, if nobody is
     */
    record Way(Target target, Cpu cpu) {}

    private final Way direct;
    private final Way service;
    private final Way everything;

    Round(Way direct, Way service, Way everything) {
        this.direct = direct;
        this.service = service;
        this.everything = everything;
    }

    /**
     * @param time of each of its seven measurements
     */
    Map<Ratio, Double> measure(Duration time) throws IOException, InterruptedException {
        var ratios = new EnumMap<Ratio, Double>(Ratio.class);
        double request = request(direct, time);
        ratios.put(Ratio.SERVICE_CPU_REQUEST, request(service, time) / request);
        ratios.put(Ratio.EVERYTHING_CPU_REQUEST, request(everything, time) / request);
        double token = token(direct, time);
        ratios.put(Ratio.SERVICE_CPU_TOKEN, token(service, time) / token);
        ratios.put(Ratio.EVERYTHING_CPU_TOKEN, token(everything, time) / token);
        var paced = run(FEW, everything, PACED, time);
        double first = paced.firstToken().getValueAtPercentile(USUAL);
        double way = paced.onTheWay().getValueAtPercentile(USUAL);
        ratios.put(Ratio.EVERYTHING_FIRST, first / FIRST.toNanos());
        ratios.put(Ratio.EVERYTHING_TOKEN, 1 + way / GAP.toNanos());
        return ratios;
    }

    private static double request(Way way, Duration time) throws IOException, InterruptedException {
        double cpu = way.cpu().seconds();
        var seen = run(MANY, way, WHOLE, time);
        return (way.cpu().seconds() - cpu) / seen.whole().getTotalCount();
    }

    private static double token(Way way, Duration time) throws IOException, InterruptedException {
        double cpu = way.cpu().seconds();
        var seen = run(MANY, way, STREAM, time);
        return (way.cpu().seconds() - cpu) / seen.tokens();
    }

    private static Seen run(Load load, Way way, Chat chat, Duration time)
            throws IOException, InterruptedException {
        var seen = load.run(way.target(), chat, time);
        if (!seen.failures().isEmpty()) {
            throw new IOException(way.target().name() + " failed: " + seen.failures());
        }
        return seen;
    }
}
