// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import ai.jan.gateway.config.Upstream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;

/** Asks targets at intervals how they fare. */
final class ActiveChecks implements AutoCloseable {
    private final Upstream.Active settings;
    private final Resolver resolver;
    private final List<ScheduledFuture<?>> timers;

    private ActiveChecks(
            Upstream.Active settings,
            List<Balancer.Place> places,
            Resolver resolver,
            ScheduledExecutorService timer) {
        this.settings = settings;
        this.resolver = resolver;
        this.timers =
                places.stream().<ScheduledFuture<?>>map(place -> checked(place, timer)).toList();
    }

    /** Checks that an upstream asks for. */
    static Optional<ActiveChecks> of(
            Upstream upstream,
            List<Balancer.Place> places,
            Resolver resolver,
            ScheduledExecutorService timer) {
        var active = upstream.healthchecks().active();
        boolean wanted = active.healthy().interval() > 0 || active.unhealthy().interval() > 0;
        return wanted
                ? Optional.of(new ActiveChecks(active, places, resolver, timer))
                : Optional.empty();
    }

    private ScheduledFuture<?> checked(Balancer.Place place, ScheduledExecutorService timer) {
        var check = new Check(place);
        long tick = Math.max(50, (long) (1000 * shorter()));
        return timer.scheduleWithFixedDelay(
                () -> Thread.ofVirtual().name("health-check").start(check),
                tick,
                tick,
                MILLISECONDS);
    }

    private double shorter() {
        double good = settings.healthy().interval();
        double bad = settings.unhealthy().interval();
        return good == 0 || bad == 0 ? Math.max(good, bad) : Math.min(good, bad);
    }

    @Override
    public void close() {
        timers.forEach(timer -> timer.cancel(false));
    }

    private final class Check implements Runnable {
        private final Balancer.Place place;
        private final Health.Counts counts = new Health.Counts();
        private long last = System.nanoTime();

        Check(Balancer.Place place) {
            this.place = place;
        }

        @Override
        public synchronized void run() {
            var health = place.health;
            double interval =
                    health.healthy()
                            ? settings.healthy().interval()
                            : settings.unhealthy().interval();
            if (interval == 0 || System.nanoTime() - last < interval * 0.9e9) {
                return;
            }
            last = System.nanoTime();
            try {
                int status = settings.type().equals("tcp") ? connect() : ask();
                health.answered(status, counts, settings.healthy(), settings.unhealthy());
            } catch (SocketTimeoutException e) {
                health.failed(true, counts, settings.unhealthy());
            } catch (IOException e) {
                health.failed(false, counts, settings.unhealthy());
            }
        }

        private Socket open() throws IOException {
            var addresses = resolver.resolve(place.target.host());
            if (addresses.isEmpty()) {
                throw new IOException("the target's name is not known");
            }
            var socket = new Socket();
            int timeout = Math.max(1, (int) (settings.timeout() * 1000));
            try {
                socket.connect(
                        new InetSocketAddress(addresses.getFirst(), place.target.port()), timeout);
                socket.setSoTimeout(timeout);
                return socket;
            } catch (IOException e) {
                socket.close();
                throw e;
            }
        }

        private int connect() throws IOException {
            try (var _ = open()) {
                return settings.healthy().httpStatuses().stream().findFirst().orElse(0);
            }
        }

        private int ask() throws IOException {
            try (var socket = open()) {
                var request =
                        "GET %s HTTP/1.0\r\nHost: %s\r\n\r\n"
                                .formatted(settings.httpPath(), place.target.host());
                socket.getOutputStream().write(request.getBytes(ISO_8859_1));
                var in = new InputStreamReader(socket.getInputStream(), ISO_8859_1);
                var line = new BufferedReader(in, 512).readLine();
                if (line == null || !line.matches("HTTP/1\\.\\d \\d{3}.*")) {
                    throw new IOException("the target sent no status");
                }
                return Integer.parseInt(line.substring(9, 12));
            }
        }
    }
}
