// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.streams;

import static ai.jan.bench.streams.Figures.text;

import ai.jan.bench.streams.SlowModel.Phase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Measures and writes {@code streams.md}. Environment: {@code BENCH_ROOT} the repository, {@code
 * BENCH_WORK} a folder, {@code BENCH_OUT} where the page goes, {@code BENCH_CIRCUMSTANCES} a text,
 * {@code BENCH_STREAMS} how many at once.
 */
public final class StreamsBenchmark {
    private static final int TOKENS = 50;
    private static final int PAUSE_MS = 20;
    private static final int SLOW_TOKENS = 20;
    private static final int SLOW_PAUSE_MS = 1000;
    private static final int LEAVES = 200;
    private static final int WARM_UPS = 100;

    private final SlowModel model;
    private final Platform platform;
    private final Target direct;
    private final Target service;
    private final Map<String, String> values = new LinkedHashMap<>();

    private StreamsBenchmark(SlowModel model, Platform platform) throws IOException {
        this.model = model;
        this.platform = platform;
        this.direct = Target.model(model.url());
        this.service = platform.service();
    }

    public static void main(String[] arguments) throws Exception {
        var environment = System.getenv();
        try (var model = new SlowModel();
                var platform =
                        Platform.start(
                                path(environment, "BENCH_ROOT"),
                                path(environment, "BENCH_WORK"),
                                model.url())) {
            var benchmark = new StreamsBenchmark(model, platform);
            benchmark.values.put("circumstances", environment.get("BENCH_CIRCUMSTANCES"));
            benchmark.warmUp();
            benchmark.addedTime(1, 40);
            benchmark.addedTime(32, 4);
            benchmark.letGo();
            benchmark.many(Integer.parseInt(environment.getOrDefault("BENCH_STREAMS", "2000")));
            benchmark.write(path(environment, "BENCH_OUT").resolve("streams.md"));
        }
    }

    /** Until the compiler has seen both ways: a service has been up for longer than a stream. */
    private void warmUp() throws InterruptedException, IOException {
        for (int i = 0; i < WARM_UPS; i++) {
            streams(direct, "warm", 8, 10, 1);
            streams(service, "warm", 8, 10, 1);
        }
    }

    /** The same streams from the model itself and through llm-api-lite, in turns. */
    private void addedTime(int atOnce, int rounds) throws InterruptedException, IOException {
        var alone = new ArrayList<TokenStream>();
        var through = new ArrayList<TokenStream>();
        for (int round = 0; round < rounds; round++) {
            alone.addAll(streams(direct, "d" + round, atOnce, TOKENS, PAUSE_MS));
            through.addAll(streams(service, "s" + round, atOnce, TOKENS, PAUSE_MS));
        }
        var firstAlone = firsts(alone);
        var firstThrough = firsts(through);
        var tokensAlone = tokens(alone);
        var tokensThrough = tokens(through);
        put("first_" + atOnce, firstThrough.median() - firstAlone.median());
        put("first99_" + atOnce, firstThrough.percentile(0.99) - firstAlone.percentile(0.99));
        put("token_" + atOnce, tokensThrough.median() - tokensAlone.median());
        put("token99_" + atOnce, tokensThrough.percentile(0.99) - tokensAlone.percentile(0.99));
        put("firstDirect_" + atOnce, firstAlone.median());
        put("tokenDirect_" + atOnce, tokensAlone.median());
    }

    /** From the client's leaving to the model's seeing its connection closed. */
    private void letGo() throws IOException, InterruptedException {
        for (var phase :
                List.of(Phase.BEFORE_HEAD, Phase.BEFORE_FIRST_TOKEN, Phase.BETWEEN_TOKENS)) {
            letGo(phase.name(), true, phase);
        }
        letGo("WHOLE", false, Phase.BEFORE_HEAD);
    }

    private void letGo(String name, boolean stream, Phase phase)
            throws IOException, InterruptedException {
        var times = new ArrayList<Long>();
        for (int i = 0; i < LEAVES; i++) {
            var user = name + i;
            long left;
            try (var socket = service.connect()) {
                socket.getOutputStream().write(service.chat(user, stream, 2, 1, phase));
                model.awaitStuck(user);
                left = System.nanoTime();
            }
            times.add(model.awaitAbandoned(user) - left);
        }
        var figures = new Figures(times);
        put("gone_" + name, figures.median());
        put("gone99_" + name, figures.percentile(0.99));
        put("goneWorst_" + name, figures.worst());
    }

    /** Many slow streams at once. */
    private void many(int count) throws IOException, InterruptedException {
        values.put("streams", String.valueOf(count));
        values.put("idle", String.valueOf(platform.residentMegabytes()));
        var all = tokens(streams(service, "many", count, SLOW_TOKENS, SLOW_PAUSE_MS));
        values.put("resident", String.valueOf(platform.peakMegabytes()));
        values.put("tokens", String.valueOf(all.count()));
        put("many", all.median());
        put("many99", all.percentile(0.99));
        put("manyWorst", all.worst());
    }

    private static List<TokenStream> streams(
            Target target, String name, int atOnce, int tokens, int pauseMillis)
            throws IOException, InterruptedException {
        var running = new ArrayList<Future<TokenStream>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < atOnce; i++) {
                var user = name + "-" + i;
                running.add(
                        threads.submit(() -> TokenStream.read(target, user, tokens, pauseMillis)));
                if (atOnce > 100 && i % 50 == 0) {
                    Thread.sleep(20); // people do not all come in the same millisecond
                }
            }
        }
        var streams = new ArrayList<TokenStream>();
        for (var one : running) {
            try {
                streams.add(one.get());
            } catch (ExecutionException e) {
                throw new IOException("a stream failed", e.getCause());
            }
        }
        return streams;
    }

    private static Figures firsts(List<TokenStream> streams) {
        return new Figures(streams.stream().map(TokenStream::firstToken).toList());
    }

    private static Figures tokens(List<TokenStream> streams) {
        return new Figures(streams.stream().flatMap(stream -> stream.tokens().stream()).toList());
    }

    private void put(String name, double milliseconds) {
        values.put(name, text(milliseconds));
        System.out.println(name + " " + text(milliseconds) + " ms");
    }

    private void write(Path page) throws IOException {
        var template = StreamsBenchmark.class.getResourceAsStream("/streams.md");
        try (var in = Objects.requireNonNull(template)) {
            var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (var value : Collections.unmodifiableMap(values).entrySet()) {
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
