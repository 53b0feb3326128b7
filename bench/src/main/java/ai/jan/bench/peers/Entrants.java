// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.peers;

import ai.jan.bench.load.Load;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Who takes part: started, warmed up, and frozen until measured. Who could not be started stays
 * named, with the reason. Closing ends all, frozen or not.
 */
final class Entrants implements AutoCloseable {
    private final Duration warmUp;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final Map<String, String> absent = new LinkedHashMap<>();
    private final List<Contender> contenders = new ArrayList<>();
    private final Deque<AutoCloseable> running = new ArrayDeque<>();

    /**
     * @param warmUp how long each is loaded with each workload before it is measured
     */
    Entrants(Duration warmUp) {
        this.warmUp = warmUp;
    }

    /** What is to be done at the end, the last first, whatever happens. */
    synchronized void atEnd(AutoCloseable end) {
        running.push(end);
    }

    /**
     * Adds one that runs.
     *
     * @param setting what is switched on
     */
    void add(Contender contender, String setting) throws IOException, InterruptedException {
        atEnd(contender.processes()::goOn); // a frozen one cannot be told to end
        settings.put(contender.name(), setting);
        for (var workload : Workload.ALL) {
            System.out.println("warming up " + contender.name() + ": " + workload.title());
            var load = new Load.Closed(workload.connections());
            var _ = load.run(contender.target(), workload.chat(), warmUp);
        }
        contender.processes().freeze();
        contenders.add(contender);
    }

    /** Starts one of the others and adds it, or says why it is not there. */
    void add(Peer peer, Starting starting) throws InterruptedException {
        settings.put(peer.name(), peer.setting());
        try {
            var started = starting.start(peer);
            atEnd(started);
            add(started.contender(), peer.setting());
        } catch (IOException e) {
            var why = String.valueOf(e.getMessage());
            absent.put(peer.name(), why);
            System.out.println("*** NOT MEASURED: " + peer.name() + ": " + why + " ***");
        }
    }

    /** How one of the others is started. */
    @FunctionalInterface
    interface Starting {
        PeerProcess start(Peer peer) throws IOException, InterruptedException;
    }

    Results measure(Duration settle, Duration time, int rounds) throws InterruptedException {
        var turns = new Turns(contenders, settle, time, rounds);
        var outcomes = new LinkedHashMap<Workload, Map<String, Outcome>>();
        for (var workload : Workload.ALL) {
            System.out.println(workload.title());
            var seen = new LinkedHashMap<String, Outcome>();
            turns.measure(workload)
                    .forEach((contender, outcome) -> seen.put(contender.name(), outcome));
            absent.forEach((name, why) -> seen.put(name, new Outcome.Failed(why)));
            settings.keySet()
                    .forEach(name ->
                            System.out.println(
                                    "  " + name + ": " + Objects.requireNonNull(seen.get(name))));
            outcomes.put(workload, seen);
        }
        return new Results(settings, outcomes);
    }

    @Override
    public synchronized void close() {
        while (!running.isEmpty()) {
            try {
                running.pop().close();
            } catch (Exception e) {
                System.err.println("could not be ended: " + e);
            }
        }
    }
}
