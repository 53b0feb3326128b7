// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.jan.gateway.config.Upstream;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Chooses among the targets of an upstream, by weight and health. Thread-safe. */
final class Balancer implements AutoCloseable {
    private static final int RING_POINTS = 40;

    /** A target and how it fares. */
    static final class Place {
        final Upstream.Target target;
        final Health health;
        private double current;
        private int busy;
        private double latency;

        Place(Upstream.Target target, Upstream.Passive passive) {
            this.target = target;
            this.health = new Health(target.target(), passive.healthy(), passive.unhealthy());
        }
    }

    private final Upstream upstream;
    private final Resolver resolver;
    private final List<Place> places = new ArrayList<>();
    private final TreeMap<Long, Place> ring = new TreeMap<>();
    private final Optional<ActiveChecks> checks;

    Balancer(Upstream upstream, Resolver resolver, ScheduledExecutorService timer) {
        this.upstream = upstream;
        this.resolver = resolver;
        for (var target : upstream.targets()) {
            if (target.weight() > 0) {
                places.add(new Place(target, upstream.healthchecks().passive()));
            }
        }
        int total = places.stream().mapToInt(place -> place.target.weight()).sum();
        for (var place : places) {
            long share = (long) RING_POINTS * places.size() * place.target.weight() / total;
            for (int i = 1; i <= Math.max(1, share); i++) {
                ring.putIfAbsent(hash(place.target.target() + " #" + i), place);
            }
        }
        checks = ActiveChecks.of(upstream, places, resolver, timer);
    }

    private static long hash(String text) {
        var crc = new CRC32();
        crc.update(text.getBytes(UTF_8));
        return crc.getValue();
    }

    /** Places for a request. */
    Peer.Choice choice(Exchange exchange) {
        return new Choice(exchange);
    }

    private synchronized Optional<Place> choose(Set<Place> tried, Optional<String> key) {
        var healthy = places.stream().filter(place -> place.health.healthy()).toList();
        int up = healthy.stream().mapToInt(place -> place.target.weight()).sum();
        int all = places.stream().mapToInt(place -> place.target.weight()).sum();
        if (healthy.isEmpty() || up * 100.0 / all < upstream.healthchecks().threshold()) {
            return Optional.empty();
        }
        var fresh = healthy.stream().filter(place -> !tried.contains(place)).toList();
        var candidates = fresh.isEmpty() ? healthy : fresh;
        return Optional.of(
                switch (upstream.algorithm()) {
                    case "consistent-hashing" -> onRing(candidates, key);
                    case "least-connections" ->
                            least(
                                    candidates,
                                    Comparator.comparingDouble(
                                            place -> (place.busy + 1.0) / place.target.weight()));
                    case "latency" ->
                            least(candidates, Comparator.comparingDouble(place -> place.latency));
                    default -> inTurn(candidates);
                });
    }

    private Place least(List<Place> candidates, Comparator<Place> order) {
        var least = candidates.stream().min(order).orElseThrow();
        return inTurn(
                candidates.stream().filter(place -> order.compare(place, least) == 0).toList());
    }

    /** Smooth weighted turns: each place as often as its weight, evenly spread. */
    private static Place inTurn(List<Place> candidates) {
        var best = candidates.getFirst();
        double total = 0;
        for (var place : candidates) {
            place.current += place.target.weight();
            total += place.target.weight();
            best = place.current > best.current ? place : best;
        }
        best.current -= total;
        return best;
    }

    private Place onRing(List<Place> candidates, Optional<String> key) {
        if (key.isEmpty()) {
            return inTurn(candidates);
        }
        long at = hash(key.get());
        for (int steps = 0; steps < ring.size(); steps++) {
            var entry = ring.floorEntry(at);
            var point = entry == null ? ring.lastEntry() : entry;
            if (candidates.contains(point.getValue())) {
                return point.getValue();
            }
            at = point.getKey() - 1;
        }
        return candidates.getFirst();
    }

    private Optional<String> key(Exchange exchange) {
        return switch (upstream.hashOn()) {
            case "ip" -> Optional.of(exchange.forwarded().ip());
            case "path" -> Optional.of(exchange.path());
            case "consumer" -> exchange.consumer().map(consumer -> consumer.id());
            case "header" ->
                    exchange.headers()
                            .first(upstream.hashOnHeader() == null ? "" : upstream.hashOnHeader());
            default -> Optional.empty();
        };
    }

    private synchronized void begin(Place place) {
        place.busy++;
    }

    private synchronized void end(Place place, long nanos) {
        place.busy--;
        place.latency = place.latency == 0 ? nanos : place.latency * 0.8 + nanos * 0.2;
    }

    @Override
    public void close() {
        checks.ifPresent(ActiveChecks::close);
    }

    /** The tries of one request; used by one thread. */
    private final class Choice implements Peer.Choice {
        private final Optional<String> key;
        private final Set<Place> tried = new HashSet<>();
        private @Nullable Place current;
        private long begun;

        Choice(Exchange exchange) {
            key = key(exchange);
        }

        @Override
        public Optional<Peer> next() {
            done();
            var chosen = choose(tried, key);
            if (chosen.isEmpty()) {
                return Optional.empty();
            }
            var place = chosen.get();
            tried.add(place);
            var target = place.target;
            return resolver.resolve(target.host()).stream()
                    .findFirst()
                    .map(address -> {
                        begin(place);
                        current = place;
                        begun = System.nanoTime();
                        var host =
                                upstream.hostHeader() == null
                                        ? target.host()
                                        : upstream.hostHeader();
                        return new Peer(
                                new InetSocketAddress(address, target.port()), Optional.of(host));
                    });
        }

        @Override
        public void answered(Peer peer, int status) {
            if (current != null) {
                current.health.answered(status);
            }
        }

        @Override
        public void failed(Peer peer, boolean timeout) {
            if (current != null) {
                current.health.failed(timeout);
            }
        }

        @Override
        public void done() {
            if (current != null) {
                end(current, System.nanoTime() - begun);
                current = null;
            }
        }
    }
}
