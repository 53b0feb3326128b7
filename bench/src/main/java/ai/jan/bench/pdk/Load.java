// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.pdk;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/** Events per second, time per event and CPU time, peer after peer. */
final class Load {
    /** One handler and number of connections. */
    record Row(Script script, int connections) {
        @Override
        public String toString() {
            return script.size() + " calls, " + connections + " connections";
        }
    }

    /**
     * @param p50 in microseconds
     * @param cpu seconds of the server per 10,000 events
     * @param driver how busy the driver was, 1 being one core
     */
    record Figures(double eventsPerSecond, double p50, double p99, double cpu, double driver) {
        static Figures median(List<Figures> rounds) {
            return new Figures(
                    median(rounds, Figures::eventsPerSecond),
                    median(rounds, Figures::p50),
                    median(rounds, Figures::p99),
                    median(rounds, Figures::cpu),
                    median(rounds, Figures::driver));
        }

        private static double median(List<Figures> rounds, ToDoubleFunction<Figures> figure) {
            var sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
            int middle = sorted.length / 2;
            return sorted.length % 2 == 1
                    ? sorted[middle]
                    : (sorted[middle - 1] + sorted[middle]) / 2;
        }
    }

    private final Map<Peer, ServerProcess> servers;
    private final Duration time;
    private final int rounds;

    /**
     * @param time of each measurement
     * @param rounds of which the median is taken
     */
    Load(Map<Peer, ServerProcess> servers, Duration time, int rounds) {
        this.servers = servers;
        this.time = time;
        this.rounds = rounds;
    }

    static List<Row> rows(List<Integer> connections) {
        return Script.ALL.stream()
                .flatMap(script -> connections.stream().map(n -> new Row(script, n)))
                .toList();
    }

    /** Everything once, so that just-in-time compilers have seen it. */
    void warmUp(List<Row> rows, Duration each) throws IOException {
        for (var peer : servers.keySet()) {
            for (var row : rows) {
                measure(peer, row, each);
            }
        }
    }

    /** The peers in turns, in the other order every other round. */
    Map<Peer, Figures> measure(Row row) throws IOException {
        var all = new LinkedHashMap<Peer, List<Figures>>();
        var order = new ArrayList<>(servers.keySet());
        order.forEach(peer -> all.put(peer, new ArrayList<>()));
        for (int round = 0; round < rounds; round++) {
            for (var peer : order) {
                Objects.requireNonNull(all.get(peer)).add(measure(peer, row, time));
            }
            Collections.reverse(order);
        }
        var medians = new LinkedHashMap<Peer, Figures>();
        all.forEach((peer, figures) -> medians.put(peer, Figures.median(figures)));
        return medians;
    }

    private Figures measure(Peer peer, Row row, Duration each) throws IOException {
        var server = Objects.requireNonNull(servers.get(peer));
        long self = ProcessHandle.current().pid();
        try (var driver =
                Driver.connect(
                        server.socket(),
                        row.connections(),
                        () -> peer.protocol().apply(row.script()))) {
            double cpu = server.cpuSeconds();
            double own = ServerProcess.cpuSeconds(self);
            long start = System.nanoTime();
            var latencies = driver.run(each);
            double seconds = (System.nanoTime() - start) / 1e9;
            int events = latencies.count();
            return new Figures(
                    events / seconds,
                    latencies.percentile(0.5),
                    latencies.percentile(0.99),
                    (server.cpuSeconds() - cpu) / events * 10_000,
                    (ServerProcess.cpuSeconds(self) - own) / seconds);
        } catch (IOException e) {
            throw new IOException(peer.name() + ", " + row + ": " + e.getMessage(), e);
        }
    }
}
