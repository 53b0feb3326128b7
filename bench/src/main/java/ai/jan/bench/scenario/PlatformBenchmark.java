// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.scenario;

import ai.jan.bench.load.Chat;
import ai.jan.bench.load.Load;
import ai.jan.bench.model.MockModel;
import ai.jan.bench.model.Script;
import ai.jan.bench.platform.Chain;
import ai.jan.bench.platform.Platform;
import ai.jan.bench.platform.Setup;
import ai.jan.bench.report.Page;
import ai.jan.bench.report.Result;
import ai.jan.bench.report.Results;
import ai.jan.bench.report.Results.NotMeasured;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * {@code make bench}: measures scenarios and writes {@code platform.json}, {@code platform.md} and
 * its plots. Environment: {@code BENCH_ROOT} the repository, {@code BENCH_WORK} a folder, {@code
 * BENCH_OUT} where the page goes, {@code BENCH_CIRCUMSTANCES} a text, {@code SCENARIOS} the names
 * of those to measure, with commas; all without it. What others have shown before is kept on the
 * page.
 *
 * <p>Exit status 1 if something could not be measured, or a request failed that should not have.
 */
public final class PlatformBenchmark {
    private static final Duration WARM_UP = Duration.ofSeconds(30);
    private static final Load WARM_LOAD = new Load.Closed(32);

    /** What is started once for all scenarios that need the same. */
    private record Start(Chain chain, Setup setup, String alone) {
        static Start of(Scenario scenario) {
            var setup = scenario.setup();
            return new Start(
                    scenario.target().startedAs(),
                    setup,
                    setup == Setup.FRESH ? scenario.name() : "");
        }

        String words() {
            return (chain.label() + " " + setup.words()).strip();
        }
    }

    private final MockModel model;
    private final Path root;
    private final Path work;
    private final String circumstances;
    private final List<Result> results = new ArrayList<>();
    private final List<NotMeasured> notMeasured = new ArrayList<>();

    private PlatformBenchmark(MockModel model, Path root, Path work, String circumstances) {
        this.model = model;
        this.root = root;
        this.work = work;
        this.circumstances = circumstances;
    }

    public static void main(String[] arguments) throws Exception {
        var environment = System.getenv();
        var root = Path.of(text(environment, "BENCH_ROOT")).toAbsolutePath();
        var out = Path.of(text(environment, "BENCH_OUT")).toAbsolutePath();
        var files = ScenarioFiles.read(root.resolve("bench/scenarios"));
        var names =
                Arrays.stream(environment.getOrDefault("SCENARIOS", "").split(",", -1))
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .toList();
        var chosen = files.chosen(names);
        try (var model = MockModel.start(0)) {
            var benchmark =
                    new PlatformBenchmark(
                            model,
                            root,
                            Path.of(text(environment, "BENCH_WORK")).toAbsolutePath(),
                            text(environment, "BENCH_CIRCUMSTANCES"));
            benchmark.run(chosen);
            System.exit(benchmark.write(out, files.names()) ? 0 : 1);
        }
    }

    private void run(List<Scenario> chosen) throws InterruptedException {
        var byPlatform = new LinkedHashMap<Start, List<Scenario>>();
        for (var scenario : chosen) {
            byPlatform.computeIfAbsent(Start.of(scenario), _ -> new ArrayList<>()).add(scenario);
        }
        for (var each : byPlatform.entrySet()) {
            var start = each.getKey();
            System.out.println("== starting the platform: " + start.words());
            try (var platform =
                    Platform.start(
                            root, work, model.url(), start.chain, start.setup.environment())) {
                run(platform, each.getValue());
            } catch (IOException e) {
                each.getValue().forEach(scenario -> notMeasured(scenario, e));
            }
        }
    }

    private void run(Platform platform, List<Scenario> scenarios)
            throws IOException, InterruptedException {
        for (var chain : scenarios.stream().map(Scenario::target).distinct().toList()) {
            var target = platform.target(chain);
            for (boolean stream : new boolean[] {false, true}) {
                var _ = WARM_LOAD.run(target, new Chat(Script.QUICK, stream, 200), WARM_UP);
            }
        }
        var runner = new Runner(model, platform, circumstances);
        for (var scenario : scenarios) {
            try {
                var result = runner.run(scenario);
                results.add(result);
                System.out.println(Page.line(result));
            } catch (IOException e) {
                notMeasured(scenario, e);
            }
        }
    }

    private void notMeasured(Scenario scenario, IOException cause) {
        var why = String.valueOf(cause.getMessage());
        System.out.println("*** NOT MEASURED: " + scenario.name() + ": " + why + " ***");
        if (results.stream().noneMatch(result -> result.name().equals(scenario.name()))) {
            notMeasured.add(new NotMeasured(scenario.name(), why));
        }
    }

    /**
     * @param order of all scenarios there are
     * @return whether all is as it should be
     */
    private boolean write(Path out, List<String> order) throws IOException {
        var measured = new Results(results, notMeasured);
        var file = out.resolve("platform.json");
        var all = measured.over(Results.read(file), order);
        all.write(file);
        Page.write(all, out);
        System.out.println("written: " + out.resolve("platform.md"));
        return measured.isSound();
    }

    private static String text(Map<String, String> environment, String name) {
        return Objects.requireNonNull(environment.get(name), name);
    }
}
