// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.peers;

import ai.jan.bench.load.Load;
import ai.jan.bench.load.Seen;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Measures contenders in turns, in the other order every other round. Whoever is not measured is
 * frozen. Each turn begins with some load that is not counted.
 */
final class Turns {
    private final List<Contender> contenders;
    private final Duration settle;
    private final Duration time;
    private final int rounds;

    /**
     * @param contenders frozen
     * @param settle before each measurement
     * @param time of each measurement
     * @param rounds of which the median is taken
     */
    Turns(List<Contender> contenders, Duration settle, Duration time, int rounds) {
        this.contenders = List.copyOf(contenders);
        this.settle = settle;
        this.time = time;
        this.rounds = rounds;
    }

    /** All that are measured, with medians; one failed answer is a failure. */
    Map<Contender, Outcome> measure(Workload workload) throws InterruptedException {
        var figures = new LinkedHashMap<Contender, List<Figures>>();
        contenders.forEach(contender -> figures.put(contender, new ArrayList<>()));
        var outcomes = new LinkedHashMap<Contender, Outcome>();
        var order = new ArrayList<>(contenders);
        for (int round = 0; round < rounds; round++) {
            for (var contender : order) {
                if (outcomes.containsKey(contender)) {
                    continue;
                }
                try {
                    Objects.requireNonNull(figures.get(contender)).add(turn(contender, workload));
                } catch (IOException e) {
                    outcomes.put(contender, new Outcome.Failed(String.valueOf(e.getMessage())));
                }
            }
            Collections.reverse(order);
        }
        figures.forEach((contender, all) -> {
            if (all.size() == rounds) {
                outcomes.put(contender, new Outcome.Measured(Figures.median(all)));
            }
        });
        return outcomes;
    }

    private Figures turn(Contender contender, Workload workload)
            throws IOException, InterruptedException {
        contender.processes().goOn();
        try {
            checked(load(contender, workload, settle));
            double cpu = contender.processes().cpuSeconds();
            long begin = System.nanoTime();
            var seen = checked(load(contender, workload, time));
            double seconds = (System.nanoTime() - begin) / 1e9;
            return Figures.of(seen, seconds, contender.processes().cpuSeconds() - cpu);
        } finally {
            contender.processes().freeze();
        }
    }

    private static Seen load(Contender contender, Workload workload, Duration time)
            throws InterruptedException {
        return new Load.Closed(workload.connections())
                .run(contender.target(), workload.chat(), time);
    }

    private static Seen checked(Seen seen) throws IOException {
        if (!seen.failures().isEmpty() || seen.whole().getTotalCount() == 0) {
            throw new IOException(
                    "failed: " + seen.failures() + ", answered: " + seen.whole().getTotalCount());
        }
        return seen;
    }
}
