// SPDX-License-Identifier: Apache-2.0
package ai.jan.quota;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * The limits of several reservations as the functions of the database take them: each bucket once,
 * in the order in which everybody locks them, and each limit with its bucket's place.
 */
final class BatchLimits {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** A bucket is a row of one of two tables. */
    private record Bucket(String name, boolean isOfMinute) {
        private static final Comparator<Bucket> ORDER =
                Comparator.comparing(Bucket::name).thenComparing(Bucket::isOfMinute);

        static Bucket of(Limit limit) {
            return new Bucket(
                    limit.bucket(),
                    limit.unit() != Unit.SLOTS && limit.window().compareTo(MINUTE) <= 0);
        }
    }

    /** Of all reservations, one after the other. */
    final List<Limit> limits = new ArrayList<>();

    /** By reservation: how many limits it and those before it have. */
    final int[] ends;

    /** By limit: its bucket's place, from 1. */
    final int[] places;

    final String[] buckets;
    final boolean[] areOfMinute;

    BatchLimits(List<Reservation> reservations) {
        ends = new int[reservations.size()];
        for (int i = 0; i < ends.length; i++) {
            limits.addAll(reservations.get(i).limits());
            ends[i] = limits.size();
        }
        var placeOf = new TreeMap<Bucket, Integer>(Bucket.ORDER);
        limits.forEach(limit -> placeOf.put(Bucket.of(limit), 0));
        buckets = new String[placeOf.size()];
        areOfMinute = new boolean[placeOf.size()];
        int place = 0;
        for (var entry : placeOf.entrySet()) {
            buckets[place] = entry.getKey().name;
            areOfMinute[place] = entry.getKey().isOfMinute;
            entry.setValue(++place);
        }
        places = limits.stream().mapToInt(limit -> placeOf.get(Bucket.of(limit))).toArray();
    }

    long[] amounts() {
        return limits.stream().mapToLong(Limit::amount).toArray();
    }

    long[] windows() {
        return limits.stream().mapToLong(limit -> limit.window().toNanos()).toArray();
    }

    String[] units() {
        return limits.stream().map(limit -> limit.unit().sqlName()).toArray(String[]::new);
    }

    /** The first of a reservation's limits. */
    int start(int reservation) {
        return reservation == 0 ? 0 : ends[reservation - 1];
    }
}
