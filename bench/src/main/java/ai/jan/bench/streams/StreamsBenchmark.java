// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.streams;

import ai.jan.bench.load.Chat;
import ai.jan.bench.load.Load;
import ai.jan.bench.load.Seen;
import ai.jan.bench.model.MockModel;
import ai.jan.bench.model.Script;
import ai.jan.bench.model.Script.Silence;
import ai.jan.bench.platform.Chain;
import ai.jan.bench.platform.Platform;
import ai.jan.bench.platform.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/**
 * Measures and writes {@code streams.md}. Environment: {@code BENCH_ROOT} the repository, {@code
 * BENCH_WORK} a folder, {@code BENCH_OUT} where the page goes, {@code BENCH_CIRCUMSTANCES} a text,
 * {@code BENCH_STREAMS} how many at once.
 */
public final class StreamsBenchmark {
    private static final Duration GAP = Duration.ofMillis(20);
    private static final Chat CHAT = stream(Script.QUICK.withTokens(50).withTimes(GAP, GAP));
    private static final Chat SLOW =
            stream(
                    Script.QUICK
                            .withTokens(20)
                            .withTimes(Duration.ofSeconds(1), Duration.ofSeconds(1)));
    private static final Duration WARM_UP = Duration.ofSeconds(10);
    private static final Duration ROUND = Duration.ofSeconds(5);
    private static final int LEAVES = 200;
    private static final String SERVICE = "llm-api-lite";
    private static final long PATIENCE_NANOS = Duration.ofMinutes(1).toNanos();

    private final MockModel model;
    private final Platform platform;
    private final Target direct;
    private final Target service;
    private final Map<String, String> values = new LinkedHashMap<>();

    private StreamsBenchmark(MockModel model, Platform platform) {
        this.model = model;
        this.platform = platform;
        this.direct = Target.open("model", model.url().resolve("/v1"), MockModel.NAME);
        this.service = platform.service();
    }

    public static void main(String[] arguments) throws Exception {
        var environment = System.getenv();
        try (var model = MockModel.start(0);
                var platform =
                        Platform.start(
                                path(environment, "BENCH_ROOT"),
                                path(environment, "BENCH_WORK"),
                                model.url(),
                                Chain.ALL,
                                Map.of())) {
            var benchmark = new StreamsBenchmark(model, platform);
            benchmark.values.put("circumstances", environment.get("BENCH_CIRCUMSTANCES"));
            benchmark.warmUp();
            benchmark.addedTime(1, 4);
            benchmark.addedTime(32, 3);
            benchmark.letGo();
            benchmark.many(Integer.parseInt(environment.getOrDefault("BENCH_STREAMS", "2000")));
            benchmark.write(path(environment, "BENCH_OUT").resolve("streams.md"));
        }
    }

    /** Until the compiler has seen both ways: a service has been up for longer than a stream. */
    private void warmUp() throws InterruptedException {
        var quick = stream(Script.QUICK.withTimes(Duration.ofMillis(1), Duration.ofMillis(1)));
        for (var target : List.of(direct, service)) {
            checked(new Load.Closed(8).run(target, quick, WARM_UP));
        }
    }

    /** The same streams from the model itself and through llm-api-lite, in turns. */
    private void addedTime(int atOnce, int rounds) throws InterruptedException {
        var alone = new Load.Closed(atOnce).run(direct, CHAT, ROUND);
        var through = new Load.Closed(atOnce).run(service, CHAT, ROUND);
        for (int round = 1; round < rounds; round++) {
            alone.add(new Load.Closed(atOnce).run(direct, CHAT, ROUND));
            through.add(new Load.Closed(atOnce).run(service, CHAT, ROUND));
        }
        checked(alone);
        checked(through);
        putAdded("first", atOnce, alone.firstToken(), through.firstToken());
        putAdded("token", atOnce, alone.onTheWay(), through.onTheWay());
        put("firstDirect_" + atOnce, millis(alone.firstToken(), 50));
        put("tokenDirect_" + atOnce, millis(alone.onTheWay(), 50));
    }

    private void putAdded(String what, int atOnce, Histogram alone, Histogram through) {
        put(what + "_" + atOnce, millis(through, 50) - millis(alone, 50));
        put(what + "99_" + atOnce, millis(through, 99) - millis(alone, 99));
    }

    /** From the client's leaving to the model's seeing its connection closed. */
    private void letGo() throws IOException, InterruptedException {
        for (var silence :
                List.of(Silence.BEFORE_HEAD, Silence.BEFORE_FIRST_TOKEN, Silence.BETWEEN_TOKENS)) {
            letGo(silence.name(), true, silence);
        }
        letGo("WHOLE", false, Silence.BEFORE_HEAD);
    }

    private void letGo(String name, boolean stream, Silence silence)
            throws IOException, InterruptedException {
        var times = new Histogram(3);
        for (int i = 0; i < LEAVES; i++) {
            var script = Script.QUICK.named(name + i).silent(silence);
            long left;
            try (var client = service.connect()) {
                client.getOutputStream().write(new Chat(script, stream, 0).bytes(service));
                moment(() -> model.reached(script.name()));
                left = System.nanoTime();
            }
            times.recordValue(Math.max(0, moment(() -> model.abandoned(script.name())) - left));
        }
        put("gone_" + name, millis(times, 50));
        put("gone99_" + name, millis(times, 99));
        put("goneWorst_" + name, millis(times, 100));
    }

    private static long moment(Supplier<OptionalLong> known) throws InterruptedException {
        long until = System.nanoTime() + PATIENCE_NANOS;
        while (System.nanoTime() < until) {
            var moment = known.get();
            if (moment.isPresent()) {
                return moment.getAsLong();
            }
            Thread.sleep(1);
        }
        throw new IllegalStateException("the model has not seen it");
    }

    /** Many slow streams at once, which begin within two seconds. */
    private void many(int count) throws IOException, InterruptedException {
        values.put("streams", String.valueOf(count));
        values.put("idle", String.valueOf(megabytes(platform.process(SERVICE).memoryBytes())));
        var begin = Duration.ofSeconds(2);
        var seen = checked(new Load.Open(count / 2.0, count).run(service, SLOW, begin));
        values.put("resident", String.valueOf(megabytes(platform.process(SERVICE).peakBytes())));
        values.put("tokens", String.valueOf(seen.tokens()));
        put("many", millis(seen.onTheWay(), 50));
        put("many99", millis(seen.onTheWay(), 99));
        put("manyWorst", millis(seen.onTheWay(), 100));
    }

    private static Chat stream(Script script) {
        return new Chat(script, true, 0);
    }

    private static Seen checked(Seen seen) {
        if (!seen.failures().isEmpty()) {
            throw new IllegalStateException("failed: " + seen.failures());
        }
        return seen;
    }

    private static long megabytes(long bytes) {
        return bytes / (1024 * 1024);
    }

    private static double millis(Histogram times, double percentile) {
        return times.getValueAtPercentile(percentile) / 1e6;
    }

    private void put(String name, double milliseconds) {
        var text = String.format(Locale.ROOT, "%.2f", milliseconds);
        values.put(name, text);
        System.out.println(name + " " + text + " ms");
    }

    private void write(Path page) throws IOException {
        var template = StreamsBenchmark.class.getResourceAsStream("/streams.md");
        try (var in = Objects.requireNonNull(template)) {
            var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (var value : values.entrySet()) {
                text = text.replace("${" + value.getKey() + "}", value.getValue());
            }
            if (text.contains("${")) {
                throw new IllegalStateException("a figure is missing in " + page);
            }
            Files.writeString(page, text);
        }
    }

    private static Path path(Map<String, String> environment, String name) {
        return Path.of(Objects.requireNonNull(environment.get(name), name)).toAbsolutePath();
    }
}
