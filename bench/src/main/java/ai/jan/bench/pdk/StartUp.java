// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.pdk;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How long a plugin server takes to listen, and what memory it holds when it does nothing. */
final class StartUp {
    private static final long SETTLE_MS = 1000;

    /**
     * Medians.
     *
     * @param milliseconds from the start of the process to the first connection
     * @param idleMb resident, having served a few events
     * @param anonymousMb the part of it that is not backed by files
     */
    record Figures(double milliseconds, double idleMb, double anonymousMb) {}

    private final Path work;
    private final int rounds;

    StartUp(Path work, int rounds) {
        this.work = work;
        this.rounds = rounds;
    }

    Figures measure(Peer peer) throws IOException, InterruptedException {
        var times = new ArrayList<Double>();
        var resident = new ArrayList<Double>();
        var anonymous = new ArrayList<Double>();
        for (int round = 0; round < rounds; round++) {
            try (var server = ServerProcess.start(peer, work)) {
                times.add(server.startTime().toNanos() / 1e6);
                serveAFew(peer, server);
                Thread.sleep(SETTLE_MS);
                resident.add(server.residentMb());
                anonymous.add(server.anonymousMb());
            }
        }
        return new Figures(median(times), median(resident), median(anonymous));
    }

    /** Writes a cache of the classes that starting and serving need. */
    void train(Peer peer) throws IOException, InterruptedException {
        try (var server = ServerProcess.start(peer, work)) {
            serveAFew(peer, server);
        }
    }

    private static void serveAFew(Peer peer, ServerProcess server) throws IOException {
        for (var script : Script.ALL) {
            try (var driver =
                    Driver.connect(server.socket(), 1, () -> peer.protocol().apply(script))) {
                driver.run(Duration.ofMillis(50));
            }
        }
    }

    private static double median(List<Double> values) {
        var sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
