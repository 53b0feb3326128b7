// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.backend;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which backend is asked first: one that works, and of these the least busy one by its weight.
 * Requests of one conversation prefer one and the same backend as long as it is not much busier
 * than the least busy one; which one follows from a hash of both names, so that all processes agree
 * without telling each other, and a backend that comes or goes moves only its own conversations.
 */
final class Order {
    // A prompt that is remembered is worth some waiting, not any amount of it.
    private static final double MUCH_BUSIER = 1.25;
    private static final int ALWAYS_ALLOWED = 2;

    private Order() {}

    static List<Offer> of(List<Offer> offers, Optional<String> affinity) {
        var ordered = new ArrayList<>(offers);
        Collections.shuffle(ordered); // so that equals take turns
        ordered.sort(
                Comparator.comparing((Offer offer) -> !offer.backend().isUsable())
                        .thenComparingDouble(offer -> offer.backend().load()));
        affinity.ifPresent(text -> preferHome(ordered, text));
        return ordered;
    }

    private static void preferHome(List<Offer> ordered, String affinity) {
        var home =
                ordered.stream()
                        .filter(offer -> offer.backend().isUsable())
                        .max(Comparator.comparingDouble(offer -> score(offer, affinity)));
        if (home.isPresent() && !isMuchBusier(home.get(), ordered.getFirst())) {
            ordered.remove(home.get());
            ordered.addFirst(home.get());
        }
    }

    private static boolean isMuchBusier(Offer home, Offer least) {
        return home.backend().load() > MUCH_BUSIER * least.backend().load() + ALWAYS_ALLOWED;
    }

    /** Weighted rendezvous hashing: the highest score wins, in proportion to the weights. */
    private static double score(Offer offer, String affinity) {
        var config = offer.backend().config();
        long hash = mixed(affinity.hashCode() * 0x9E3779B97F4A7C15L + config.name().hashCode());
        double uniform = ((hash >>> 11) + 0.5) * 0x1.0p-53;
        return -config.capacity().weight() / Math.log(uniform);
    }

    /** The finalizer of SplitMix64. */
    private static long mixed(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
