// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins;

import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Remembers a bounded number of values, each until its own time. When it is full the value not used
 * for longest goes. Thread-safe.
 */
public final class ExpiringCache<K, V> {
    private record Kept<V>(V value, Instant expiresAt) {}

    private final InstantSource clock;
    private final Map<K, Kept<V>> entries;

    public ExpiringCache(int maxEntries, InstantSource clock) {
        this.clock = clock;
        this.entries =
                new LinkedHashMap<>(16, 0.75f, true) {
                    @Override
                    protected boolean removeEldestEntry(Map.Entry<K, Kept<V>> eldest) {
                        return size() > maxEntries;
                    }
                };
    }

    /** The value of a key, unless its time is over. */
    public synchronized Optional<V> get(K key) {
        var kept = entries.get(key);
        if (kept == null) {
            return Optional.empty();
        }
        if (!clock.instant().isBefore(kept.expiresAt)) {
            entries.remove(key);
            return Optional.empty();
        }
        return Optional.of(kept.value);
    }

    public synchronized void put(K key, V value, Instant expiresAt) {
        entries.put(key, new Kept<>(value, expiresAt));
    }

    public synchronized void remove(K key) {
        entries.remove(key);
    }

    public synchronized void clear() {
        entries.clear();
    }

    synchronized int size() {
        return entries.size();
    }
}
