// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance.quota;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.database.Database;
import ai.jan.database.DatabaseSettings;
import ai.jan.database.LoginRole;
import ai.jan.database.TestingDatabase;
import ai.jan.quota.Amount;
import ai.jan.quota.Ledger;
import ai.jan.quota.Limit;
import ai.jan.quota.Price;
import ai.jan.quota.Reservation;
import ai.jan.quota.Spender;
import ai.jan.quota.Unit;
import ai.jan.quota.Verdict;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code make bench-quota}: prints the figures of docs/benchmarks/quota.md. */
@Tag("bench")
class QuotaBenchmarkIT {
    private static final int CONNECTIONS = 16;
    private static final Duration WARM_UP = Duration.ofSeconds(10);
    private static final Duration MEASURED = Duration.ofSeconds(10);
    private static final int SUBJECTS = 2000;
    private static final Pattern WAITS =
            Pattern.compile("jan_quota_store_seconds_bucket\\{le=\"([^\"]+)\",?} (\\S+)");

    @Test
    void ledger() throws Exception {
        try (var server = TestingDatabase.migrated()) {
            var login = server.settings(LoginRole.PLUGINS);
            try (var plugins =
                    Database.open(
                            new DatabaseSettings(
                                    login.url(),
                                    login.user(),
                                    login.password(),
                                    CONNECTIONS,
                                    Duration.ofSeconds(10),
                                    Duration.ofSeconds(10)),
                            "bench")) {
                var ledger = new Ledger(plugins);
                measure("reserve, many subjects", 1, () -> reserve(ledger, any()));
                measure("reserve, many subjects", CONNECTIONS, () -> reserve(ledger, any()));
                measure("reserve, one subject", CONNECTIONS, () -> reserve(ledger, "hot"));
                measure(
                        "reserve and settle, many subjects",
                        CONNECTIONS,
                        () -> {
                            var reservation = reserve(ledger, any());
                            assertThat(ledger.settle(reservation, new Amount(1, 10, 10))).isTrue();
                            return reservation;
                        });
            }
        }
    }

    @Test
    void plugin() throws Exception {
        try (var server = TestingDatabase.migrated();
                var model = new TokenModel();
                var nodes = QuotaNodes.startAsInImages(server, model.url(), 1, 0)) {
            var clients = new QuotaClients(nodes, QuotaExactnessIT.config(1_000_000_000, 5000));
            measure("jan-quota over its socket, many subjects", 1, () -> clients.admit(any()));
            tellWaits(nodes.metrics());
            measure("jan-quota over its socket, many subjects", 32, () -> clients.admit(any()));
            measure("jan-quota over its socket, one subject", 32, () -> clients.admit("hot"));
        }
    }

    /** How long the plugin itself waited for its ledger, without the driver and the socket. */
    private static void tellWaits(URI metrics) throws Exception {
        var buckets = new TreeMap<Double, Double>();
        try (var http = HttpClient.newHttpClient()) {
            http.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofLines())
                    .body()
                    .map(WAITS::matcher)
                    .filter(Matcher::matches)
                    .forEach(line ->
                            buckets.put(
                                    line.group(1).equals("+Inf")
                                            ? Double.POSITIVE_INFINITY
                                            : Double.parseDouble(line.group(1)),
                                    Double.parseDouble(line.group(2))));
        }
        double all = buckets.lastEntry().getValue();
        buckets.forEach((seconds, count) ->
                System.out.printf(
                        "of these, the ledger has decided after at most %.1f ms: %.1f %%%n",
                        seconds * 1000, 100 * count / all));
    }

    /** Five limits, as a plan may have them: three logged rows, two that are not. */
    private static Reservation reserve(Ledger ledger, String user) {
        var minute = Duration.ofMinutes(1);
        var reservation =
                new Reservation(
                        UUID.randomUUID().toString(),
                        new Spender(user, "pro", null, null, "m"),
                        new Amount(1, 300, 200),
                        Price.FREE,
                        List.of(
                                Limit.of(Unit.REQUESTS, 1_000_000_000, minute, "user", user),
                                Limit.of(Unit.TOKENS, 1_000_000_000, minute, "user", user),
                                Limit.of(
                                        Unit.REQUESTS,
                                        1_000_000_000,
                                        Duration.ofDays(1),
                                        "user",
                                        user),
                                Limit.of(
                                        Unit.TOKENS,
                                        1_000_000_000_000L,
                                        Duration.ofDays(30),
                                        "user",
                                        user),
                                Limit.of(Unit.SLOTS, 1_000_000, Duration.ZERO, "user", user)));
        assertThat(ledger.reserve(reservation)).isInstanceOf(Verdict.Reserved.class);
        return reservation;
    }

    private static String any() {
        return "user-" + ThreadLocalRandom.current().nextInt(SUBJECTS);
    }

    private static void measure(String what, int threads, Supplier<?> work) throws Exception {
        run(threads, WARM_UP, work);
        var nanos = run(threads, MEASURED, work);
        System.out.printf(
                "%-45s %3d at once: %,7.0f/s, median %.3f ms, 99 %% %.3f ms%n",
                what,
                threads,
                nanos.length / (MEASURED.toMillis() / 1000.0),
                nanos[nanos.length / 2] / 1e6,
                nanos[nanos.length * 99 / 100] / 1e6);
    }

    private static long[] run(int threads, Duration duration, Supplier<?> work)
            throws InterruptedException {
        var all = new ConcurrentLinkedQueue<long[]>();
        long end = System.nanoTime() + duration.toNanos();
        var running = new ArrayList<Thread>();
        for (int i = 0; i < threads; i++) {
            running.add(
                    Thread.startVirtualThread(() -> {
                        var own = new long[1 << 20];
                        int count = 0;
                        for (long from = System.nanoTime(); from < end && count < own.length; ) {
                            work.get();
                            long to = System.nanoTime();
                            own[count++] = to - from;
                            from = to;
                        }
                        all.add(Arrays.copyOf(own, count));
                    }));
        }
        for (var thread : running) {
            thread.join();
        }
        return all.stream().flatMapToLong(Arrays::stream).sorted().toArray();
    }
}
