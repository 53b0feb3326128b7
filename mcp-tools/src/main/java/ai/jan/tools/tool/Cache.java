// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.tool;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What was found lately. Bounded: the entry that was not asked for the longest makes room.
 * Thread-safe.
 */
public final class Cache<K, V> {
    /** An entry, and when it was put there. */
    public record Kept<V>(V value, Instant at) {}

    private final Map<K, Kept<V>> entries;
    private final Duration fresh;
    private final Clock clock;

    /**
     * @param size entries at most
     * @param fresh how long {@link #get} gives one out
     */
    public Cache(int size, Duration fresh, Clock clock) {
        this.fresh = fresh;
        this.clock = clock;
        this.entries =
                new LinkedHashMap<>(16, 0.75f, true) {
                    @Override
                    protected boolean removeEldestEntry(Map.Entry<K, Kept<V>> eldest) {
                        return size() > size;
                    }
                };
    }

    /** A fresh entry. */
    public Optional<V> get(K key) {
        return getAnyAge(key)
                .filter(kept -> kept.at().plus(fresh).isAfter(clock.instant()))
                .map(Kept::value);
    }

    /** An entry, however old. */
    public synchronized Optional<Kept<V>> getAnyAge(K key) {
        return Optional.ofNullable(entries.get(key));
    }

    public synchronized void put(K key, V value) {
        entries.put(key, new Kept<>(value, clock.instant()));
    }
}
