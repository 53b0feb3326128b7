// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.telemetry;

import ai.jan.bench.load.Chat;
import ai.jan.bench.load.Load;
import ai.jan.bench.model.MockModel;
import ai.jan.bench.model.Script;
import ai.jan.bench.platform.Chain;
import ai.jan.bench.platform.Platform;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Measures the processor time of a request with spans of a tenth of the requests and a scrape each
 * second, against neither, in turns, and writes {@code telemetry.md}. Environment: {@code
 * BENCH_ROOT} the repository, {@code BENCH_WORK} a folder, {@code BENCH_OUT} where the page goes,
 * {@code BENCH_CIRCUMSTANCES} a text.
 */
public final class TelemetryBenchmark {
    private static final Chat CHAT = new Chat(Script.QUICK, true, 200);
    private static final Load LOAD = new Load.Closed(8);
    private static final Duration WARM_UP = Duration.ofSeconds(15);
    private static final Duration RUN = Duration.ofSeconds(4);
    private static final int ROUNDS = 10;
    private static final double PER = 10_000;

    private TelemetryBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        var root = path("BENCH_ROOT");
        var work = path("BENCH_WORK");
        try (var sink = new SpanSink();
                var model = MockModel.start(0);
                var plain =
                        Platform.start(
                                root, work.resolve("off"), model.url(), Chain.ALL, Map.of());
                var watched =
                        Platform.start(
                                root,
                                work.resolve("on"),
                                model.url(),
                                Chain.ALL,
                                Map.of(
                                        "OTEL_EXPORTER_OTLP_ENDPOINT",
                                        sink.url().toString(),
                                        "OTEL_TRACES_SAMPLER_ARG",
                                        "0.1"))) {
            var _ = LOAD.run(plain.service(), CHAT, WARM_UP);
            var _ = LOAD.run(watched.service(), CHAT, WARM_UP);
            var off = new ArrayList<Double>();
            var on = new ArrayList<Double>();
            for (int round = 0; round < ROUNDS; round++) {
                off.add(cost(plain));
                on.add(scraped(watched));
            }
            if (sink.bytes() == 0) {
                throw new IllegalStateException("no span has come");
            }
            write(path("BENCH_OUT").resolve("telemetry.md"), off, on);
        }
    }

    /** Seconds of a processor for so many requests. */
    private static double cost(Platform platform) throws IOException, InterruptedException {
        var process = platform.process("llm-api-lite");
        double before = process.processorSeconds();
        var seen = LOAD.run(platform.service(), CHAT, RUN);
        double took = process.processorSeconds() - before;
        if (!seen.failures().isEmpty()) {
            throw new IllegalStateException("failed: " + seen.failures());
        }
        return took / seen.whole().getTotalCount() * PER;
    }

    private static double scraped(Platform platform) throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            var scrape = HttpRequest.newBuilder(platform.url("llm_api_metrics_url")).build();
            var scraper =
                    Thread.startVirtualThread(() -> {
                        try {
                            while (true) {
                                http.send(scrape, BodyHandlers.ofString());
                                Thread.sleep(1000);
                            }
                        } catch (IOException | InterruptedException e) {
                            Thread.currentThread().interrupt(); // the run is over
                        }
                    });
            double cost = cost(platform);
            scraper.interrupt();
            scraper.join();
            return cost;
        }
    }

    private static void write(Path page, List<Double> off, List<Double> on) throws IOException {
        double without = median(off);
        double with = median(on);
        var template = TelemetryBenchmark.class.getResourceAsStream("/telemetry.md");
        try (var in = Objects.requireNonNull(template)) {
            var text =
                    new String(in.readAllBytes(), StandardCharsets.UTF_8)
                            .replace(
                                    "${circumstances}",
                                    Objects.requireNonNull(System.getenv("BENCH_CIRCUMSTANCES")))
                            .replace("${off}", text(without))
                            .replace("${on}", text(with))
                            .replace("${off_range}", range(off))
                            .replace("${on_range}", range(on))
                            .replace("${more}", text(100 * (with / without - 1)));
            System.out.println(text);
            Files.writeString(page, text);
        }
    }

    private static double median(List<Double> values) {
        var sorted = values.stream().sorted().toList();
        int half = sorted.size() / 2;
        return (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    private static String range(List<Double> values) {
        var sorted = values.stream().sorted().toList();
        return text(sorted.getFirst()) + " to " + text(sorted.getLast());
    }

    private static String text(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static Path path(String name) {
        return Path.of(Objects.requireNonNull(System.getenv(name), name)).toAbsolutePath();
    }
}
