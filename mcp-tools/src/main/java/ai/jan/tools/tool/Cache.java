// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.tool;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * What was found lately. Bounded in memory: the entries that were not asked for the longest make
 * room. Thread-safe.
 */
public final class Cache<K, V> {
    /** An entry, and when it was put there. */
    public record Kept<V>(V value, Instant at) {}

    /** Of an entry, beside what is in its value. */
    private static final long OVERHEAD = 500;

    private final Map<K, Kept<V>> entries = new LinkedHashMap<>(16, 0.75f, true);
    private final long most;
    private final ToLongFunction<V> size;
    private final Duration fresh;
    private final Clock clock;
    private long held;

    /**
     * @param most bytes of all entries together, roughly
     * @param size bytes of one, roughly
     * @param fresh how long {@link #get} gives one out
     */
    public Cache(long most, ToLongFunction<V> size, Duration fresh, Clock clock) {
        this.most = most;
        this.size = size;
        this.fresh = fresh;
        this.clock = clock;
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

    /** Keeps it, if it is not larger than all together may be. */
    public synchronized void put(K key, V value) {
        if (size(value) > most) {
            return;
        }
        var before = entries.put(key, new Kept<>(value, clock.instant()));
        held += size(value) - (before == null ? 0 : size(before.value()));
        var eldest = entries.values().iterator();
        while (held > most && eldest.hasNext()) {
            held -= size(eldest.next().value());
            eldest.remove();
        }
    }

    private long size(V value) {
        return OVERHEAD + size.applyAsLong(value);
    }
}
