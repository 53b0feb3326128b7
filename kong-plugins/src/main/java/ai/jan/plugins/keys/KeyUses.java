// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.keys;

import ai.jan.kit.lifecycle.Recurring;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When each API key was last used. No request waits for it: uses are gathered here and written
 * together now and then, so a process that is killed loses half a minute of them. Thread-safe.
 */
public final class KeyUses implements Recurring.Task {
    /** Where uses are written. */
    @FunctionalInterface
    public interface Store {
        /**
         * @param lastUses by the key's id
         * @throws RuntimeException if it cannot be done now
         */
        void recordUses(Map<String, Instant> lastUses);
    }

    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final int GATHERED = 10_000;

    private final Store store;
    private final InstantSource clock;
    private final Map<String, Instant> uses = new ConcurrentHashMap<>();

    /** Gathers uses; {@link #start} has them written regularly. */
    public KeyUses(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /** Has them written now and then, and when what is returned is closed. */
    public Recurring start() {
        return Recurring.start(
                "api-key-uses",
                Recurring.Rhythm.every(INTERVAL),
                "the last uses of API keys cannot be written for now",
                this);
    }

    /** This key was used now. When too many keys wait to be written, it is not noted. */
    public void add(String keyId) {
        if (uses.size() < GATHERED || uses.containsKey(keyId)) {
            uses.put(keyId, clock.instant());
        }
    }

    /** Writes what was gathered; what cannot be written now is kept for the next time. */
    @Override
    public synchronized void run() {
        var batch = Map.copyOf(uses);
        if (!batch.isEmpty()) {
            store.recordUses(batch);
            batch.forEach(uses::remove); // unless it was used again
        }
    }

    @Override
    public void end() {
        run();
    }
}
