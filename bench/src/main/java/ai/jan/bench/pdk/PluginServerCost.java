// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.pdk;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What an event costs a plugin server, in what it costs its driver. */
public final class PluginServerCost {
    private static final int CONNECTIONS = 1;
    private static final int CALLS = 12;
    private static final double EVENTS = 10_000;

    private PluginServerCost() {}

    /**
     * CPU of the plugin server for an event with twelve calls, divided by the driver's; the median
     * of rounds, after as much time again as warm-up.
     *
     * @param work a folder for the socket
     */
    public static double ofEvent(Path work, Duration time, int rounds)
            throws IOException, InterruptedException {
        var ours = Peer.java("ours", PdkBenchmark.OPTIONS);
        try (var server = ServerProcess.start(ours, work)) {
            var load = new Load(Map.of(ours, server), time, rounds);
            var row =
                    Load.rows(List.of(CONNECTIONS)).stream()
                            .filter(candidate -> candidate.script().size() == CALLS)
                            .findFirst()
                            .orElseThrow();
            load.warmUp(List.of(row), time.multipliedBy(rounds));
            var figures = load.measure(row).values().iterator().next();
            return figures.cpu() / EVENTS / (figures.driver() / figures.eventsPerSecond());
        }
    }
}
