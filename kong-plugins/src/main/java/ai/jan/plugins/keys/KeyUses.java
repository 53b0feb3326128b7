// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.keys;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When each API key was last used. No request waits for it: uses are gathered here and written
 * together now and then, so a process that is killed loses half a minute of them. Thread-safe.
 */
public final class KeyUses implements AutoCloseable {
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
    private static final Duration STOP_LIMIT = Duration.ofSeconds(3);
    private static final int GATHERED = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger(KeyUses.class);

    private final Store store;
    private final InstantSource clock;
    private final Map<String, Instant> uses = new ConcurrentHashMap<>();
    private final Thread thread = Thread.ofVirtual().name("api-key-uses").unstarted(this::run);
    private boolean outage;

    /** Gathers uses; {@link #start} has them written regularly. */
    public KeyUses(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    public static KeyUses start(Store store, InstantSource clock) {
        var uses = new KeyUses(store, clock);
        uses.thread.start();
        return uses;
    }

    /** This key was used now. When too many keys wait to be written, it is not noted. */
    public void add(String keyId) {
        if (uses.size() < GATHERED || uses.containsKey(keyId)) {
            uses.put(keyId, clock.instant());
        }
    }

    /** Writes what was gathered; what cannot be written now is kept for the next time. */
    synchronized void write() {
        var batch = Map.copyOf(uses);
        if (batch.isEmpty()) {
            return;
        }
        try {
            store.recordUses(batch);
            batch.forEach(uses::remove); // unless it was used again
            outage = false;
        } catch (RuntimeException e) {
            if (!outage) { // once per outage
                LOG.warn("the last uses of API keys cannot be written for now: {}", e.toString());
            }
            outage = true;
        }
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(INTERVAL);
                write();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // only close() interrupts
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            if (!thread.join(STOP_LIMIT)) {
                LOG.warn("the writer of API keys' uses did not stop in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        write();
    }
}
