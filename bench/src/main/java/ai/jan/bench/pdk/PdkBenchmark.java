// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.pdk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code make bench-pdk}: the same handlers on this kit and on the PDKs that Kong has, driven
 * alike. Writes {@code pdk.json} and {@code pdk.md}. Settings come from the environment; {@code
 * bench/bench-pdk} makes them.
 */
public final class PdkBenchmark {
    /** What a plugin server should be started with; the page tells why. */
    static final List<String> OPTIONS =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m", "-Xmn4m");

    private static final List<Integer> CONNECTIONS = List.of(1, 64);
    private static final Duration WARM_UP = Duration.ofSeconds(2);

    private final Map<String, String> settings;
    private final Path work;

    private PdkBenchmark(Map<String, String> settings) {
        this.settings = settings;
        this.work = Path.of(setting("BENCH_WORK"));
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        new PdkBenchmark(System.getenv()).run();
    }

    private void run() throws IOException, InterruptedException {
        var cached = Peer.java("ours", cached());
        var peers = new ArrayList<>(List.of(cached));
        path("BENCH_GO").map(Peer::go).ifPresent(peers::add);
        path("BENCH_PYTHON").ifPresent(python -> peers.addAll(python(python)));

        var starts = startUps(cached, peers);
        var rows = new LinkedHashMap<Load.Row, Map<Peer, Load.Figures>>();
        var servers = new LinkedHashMap<Peer, ServerProcess>();
        var residentAfter = new LinkedHashMap<Peer, Double>();
        try {
            for (var peer : peers) {
                servers.put(peer, ServerProcess.start(peer, work));
            }
            var load =
                    new Load(
                            servers, Duration.ofMillis(number("BENCH_MS")), number("BENCH_ROUNDS"));
            load.warmUp(Load.rows(CONNECTIONS), WARM_UP);
            for (var row : Load.rows(CONNECTIONS)) {
                System.out.println(row);
                var figures = load.measure(row);
                figures.forEach((peer, f) -> System.out.println("  " + peer.name() + " " + f));
                rows.put(row, figures);
            }
            for (var server : servers.entrySet()) {
                residentAfter.put(server.getKey(), server.getValue().residentMb());
            }
        } finally {
            servers.values().forEach(ServerProcess::close);
        }
        new Report(cached, starts, rows, residentAfter, setting("BENCH_CIRCUMSTANCES"))
                .write(Path.of(setting("BENCH_OUT")));
    }

    private Map<Peer, StartUp.Figures> startUps(Peer cached, List<Peer> peers)
            throws IOException, InterruptedException {
        var startUp = new StartUp(work, number("BENCH_STARTS"));
        var training = new ArrayList<>(OPTIONS);
        training.add("-XX:AOTCacheOutput=" + cache());
        Files.deleteIfExists(cache());
        startUp.train(Peer.java("training", training));
        if (!Files.exists(cache())) {
            throw new IOException("no AOT cache was written");
        }
        var measured = new ArrayList<>(List.of(cached));
        measured.add(Peer.java("ours without AOT cache", OPTIONS));
        measured.add(Peer.java("ours with the JVM's defaults", List.of()));
        measured.addAll(peers.subList(1, peers.size()));
        var figures = new LinkedHashMap<Peer, StartUp.Figures>();
        for (var peer : measured) {
            figures.put(peer, startUp.measure(peer));
            System.out.println(peer.name() + " " + figures.get(peer));
        }
        return figures;
    }

    private List<String> cached() {
        var options = new ArrayList<>(OPTIONS);
        options.add("-XX:AOTCache=" + cache());
        options.add(
                "-XX:AOTMode=on"); // a cache that does not fit ends it, so that none is measured
        return options;
    }

    private Path cache() {
        return work.resolve("bench.aot");
    }

    private List<Peer> python(Path interpreter) {
        var plugin = Path.of(setting("BENCH_PYTHON_PLUGIN"));
        return List.of(
                Peer.python("python", interpreter, plugin, List.of()),
                Peer.python("python gevent", interpreter, plugin, List.of("-g")));
    }

    private Optional<Path> path(String name) {
        var value = settings.getOrDefault(name, "");
        return value.isEmpty() ? Optional.empty() : Optional.of(Path.of(value));
    }

    private int number(String name) {
        return Integer.parseInt(setting(name));
    }

    private String setting(String name) {
        var value = settings.get(name);
        if (value == null || value.isEmpty()) {
            throw new IllegalArgumentException(name + " is not set; use bench/bench-pdk");
        }
        return value;
    }
}
