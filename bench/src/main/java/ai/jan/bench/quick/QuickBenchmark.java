// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.quick;

import ai.jan.bench.model.MockModel;
import ai.jan.bench.pdk.PluginServerCost;
import ai.jan.bench.platform.Chain;
import ai.jan.bench.platform.Platform;
import ai.jan.bench.platform.Target;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * {@code make bench-quick}: measures the {@link Ratio}s and compares them with the committed ones.
 * Ends with 1 if one is worse by more than may be. With the argument {@code baseline} it writes the
 * file instead. Settings come from the environment; {@code bench/bench-quick} makes them.
 */
public final class QuickBenchmark {
    /** Short and many: what disturbs one round leaves the median alone. */
    private static final int ROUNDS = 13;

    private static final Duration TIME = Duration.ofMillis(500);
    private static final int WARM_UPS = 3;
    private static final Duration WARM_UP = Duration.ofSeconds(2);

    private QuickBenchmark() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        var file = path("BENCH_BASELINE");
        boolean isNew = List.of(arguments).contains("baseline");
        var baseline = isNew ? null : Baseline.read(file);
        var measured = measure();
        if (baseline == null) {
            var written = new Baseline(Baseline.TOLERANCE, measured);
            written.write(file, setting("BENCH_CIRCUMSTANCES"));
            new Comparison(written, measured).lines().forEach(System.out::println);
            System.out.println(file + " is written; the commit must say why it changes");
            return;
        }
        var comparison = new Comparison(baseline, measured);
        System.out.printf("%-80s %8s %8s %8s%n", "the more the worse", "now", "baseline", "change");
        comparison.lines().forEach(System.out::println);
        System.exit(comparison.isRegression() ? 1 : 0);
    }

    private static Map<Ratio, Double> measure() throws IOException, InterruptedException {
        var rounds = new ArrayList<Map<Ratio, Double>>();
        try (var model = MockModel.start(0);
                var platform =
                        Platform.start(
                                path("BENCH_ROOT"),
                                path("BENCH_WORK"),
                                model.url(),
                                Chain.ALL,
                                Map.of("JAN_JVM", "quick"))) { // which is warm soon
            var round =
                    new Round(
                            new Round.Way(
                                    Target.open(
                                            "model", model.url().resolve("/v1"), MockModel.NAME),
                                    QuickBenchmark::ownCpu),
                            new Round.Way(
                                    platform.service(),
                                    () -> cpu(platform, List.of("llm-api-lite"))),
                            new Round.Way(
                                    platform.target(Chain.ALL),
                                    () -> cpu(platform, Platform.PROCESSES)));
            for (int i = 0; i < WARM_UPS; i++) {
                round.measure(WARM_UP);
            }
            for (int i = 0; i < ROUNDS; i++) {
                rounds.add(round.measure(TIME));
            }
        }
        var medians = medians(rounds);
        medians.put(Ratio.PLUGIN_CPU, PluginServerCost.ofEvent(path("BENCH_WORK"), TIME, ROUNDS));
        return medians;
    }

    private static double cpu(Platform platform, List<String> processes) throws IOException {
        double sum = 0;
        for (var name : processes) {
            sum += platform.process(name).processorSeconds();
        }
        return sum;
    }

    private static double ownCpu() {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return system.getProcessCpuTime() / 1e9;
    }

    private static Map<Ratio, Double> medians(List<Map<Ratio, Double>> rounds) {
        var medians = new EnumMap<Ratio, Double>(Ratio.class);
        for (var ratio : rounds.getFirst().keySet()) {
            var sorted =
                    rounds.stream()
                            .map(round -> Objects.requireNonNull(round.get(ratio)))
                            .sorted()
                            .toList();
            medians.put(ratio, sorted.get(sorted.size() / 2));
        }
        return medians;
    }

    private static Path path(String name) {
        return Path.of(setting(name)).toAbsolutePath();
    }

    private static String setting(String name) {
        return Objects.requireNonNull(
                System.getenv(name), name + " is not set; use bench/bench-quick");
    }
}
