// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance.quota;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.database.Database;
import ai.jan.database.TestingDatabase;
import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Four plugin servers and two llm-api-lites on one database, 200 clients on one hot subject and on
 * many, random costs, clients that leave, and nodes that are killed: what is admitted never exceeds
 * a limit, and the ledger balances to the token.
 */
class QuotaExactnessIT {
    private static final int CLIENTS = 200;
    private static final int ENOUGH = 40;
    private static final Duration KILL_EVERY = Duration.ofMillis(3300);
    private static final int SUBJECTS = 40;
    private static final long REQUESTS_PER_MINUTE = 600;
    private static final long TOKENS_PER_MINUTE = 60_000;
    private static final long REQUESTS_PER_DAY = 2_000;
    private static final long TOKENS_PER_MONTH = 100_000;
    private static final long AT_ONCE = 20;

    private Database books;

    @Test
    @Timeout(400)
    void neverAdmitsMoreThanTheLimits() throws Exception {
        run(Duration.ofSeconds(10));
    }

    @Test
    @Tag("soak")
    @Timeout(1200)
    void neverAdmitsMoreThanTheLimitsForTenMinutes() throws Exception {
        run(Duration.ofMinutes(10));
    }

    private void run(Duration duration) throws Exception {
        try (var server = TestingDatabase.migrated();
                var open = Database.open(server.owner(), "test");
                var model = new TokenModel();
                var nodes = QuotaNodes.start(server, model.url(), 4, 2)) {
            books = open;
            var clients = new QuotaClients(nodes, config());
            clients.during(CLIENTS, subjects(), () -> killNow(nodes, clients, duration));

            awaitSettled();
            var rows = rows();
            assertThat(clients.completed()).hasSizeGreaterThanOrEqualTo(ENOUGH);
            assertThat(clients.refused()).isPositive();
            everyAdmittedRequestIsInTheLedgerOnce(rows, clients);
            whatClientsWereToldIsWhatIsBooked(rows, clients);
            noLimitWasExceeded(rows);
            theBucketsBalance(rows);
        }
    }

    /** One node after the other, in the middle of whatever it does, with time to come back. */
    private static void killNow(QuotaNodes nodes, QuotaClients clients, Duration duration)
            throws Exception {
        long end = System.nanoTime() + duration.toNanos();
        long busyUntil = end + Duration.ofSeconds(60).toNanos(); // a busy machine takes longer
        for (int i = 0;
                System.nanoTime() < end
                        || (clients.completed().size() < ENOUGH && System.nanoTime() < busyUntil);
                i++) {
            Thread.sleep(KILL_EVERY);
            if (System.nanoTime() >= end) {
                continue;
            } else if (i % 2 == 0) {
                nodes.killPlugins(i / 2 % nodes.pluginServers());
            } else {
                nodes.killService(i / 2 % nodes.llmApis());
            }
        }
    }

    private record Row(
            String id,
            String subject,
            String state,
            long requests,
            long reserved,
            long used,
            double shownSeconds) {
        boolean isOpen() {
            return state.equals("open");
        }

        long counted() {
            return isOpen() ? reserved : used;
        }
    }

    /** What is settled a moment after the clients have gone; the killed nodes' leases run on. */
    private void awaitSettled() throws InterruptedException {
        long before = -1;
        for (long open = open(); open != before; open = open()) {
            before = open;
            Thread.sleep(1500);
        }
    }

    private long open() {
        return number("SELECT count(*) FROM quota.reservations WHERE state = 'open'");
    }

    private Map<String, Row> rows() {
        var rows = new HashMap<String, Row>();
        books.with(handle -> {
            handle.createQuery(
                            """
                            SELECT id, subject, state, requests, reserved_tokens,
                                   prompt_tokens + completion_tokens,
                                   extract(epoch FROM coalesce(closed_at, reserved_at) - reserved_at)
                            FROM quota.reservations WHERE subject <> 'nobody'
                            """)
                    .map((row, _) ->
                            new Row(
                                    row.getString(1),
                                    row.getString(2),
                                    row.getString(3),
                                    row.getLong(4),
                                    row.getLong(5),
                                    row.getLong(6),
                                    row.getDouble(7)))
                    .forEach(row -> rows.put(row.id, row));
            return null;
        });
        return rows;
    }

    private static void everyAdmittedRequestIsInTheLedgerOnce(
            Map<String, Row> rows, QuotaClients clients) {
        assertThat(rows.keySet()).containsAll(clients.admitted());
        assertThat(rows.values())
                .allSatisfy(row -> {
                    assertThat(row.requests).isEqualTo(1);
                    assertThat(row.used).isLessThanOrEqualTo(row.reserved);
                });
    }

    private static void whatClientsWereToldIsWhatIsBooked(
            Map<String, Row> rows, QuotaClients clients) {
        clients.completed()
                .forEach((id, usage) -> {
                    var row = rows.get(id);
                    // a service killed after its last word has left it to the lease
                    if (row.state.equals("settled")) {
                        assertThat(row.used).isEqualTo(usage[0] + usage[1]);
                    } else {
                        assertThat(row.counted()).isGreaterThanOrEqualTo(usage[0] + usage[1]);
                    }
                });
    }

    private void noLimitWasExceeded(Map<String, Row> rows) {
        var minutes = seconds() / 60;
        for (var subject : subjects()) {
            var own = rows.values().stream().filter(row -> row.subject.equals(subject)).toList();
            long tokens = own.stream().mapToLong(Row::counted).sum();
            assertThat((double) own.size())
                    .isLessThanOrEqualTo(REQUESTS_PER_MINUTE * (1 + minutes))
                    .isLessThanOrEqualTo(REQUESTS_PER_DAY * (1 + minutes / 1440));
            assertThat((double) tokens)
                    .isLessThanOrEqualTo(TOKENS_PER_MINUTE * (1 + minutes))
                    .isLessThanOrEqualTo(TOKENS_PER_MONTH * (1 + minutes / 43_200));
            assertThat(own.stream().filter(Row::isOpen).count()).isLessThanOrEqualTo(AT_ONCE);
        }
    }

    /**
     * A month's bucket holds what the rows say, but for what has leaked out of it: at most all the
     * time, and at least nothing; each refund may have been smaller by what leaked meanwhile.
     */
    private void theBucketsBalance(Map<String, Row> rows) {
        double perSecond = TOKENS_PER_MONTH / 2_592_000.0;
        for (var subject : subjects()) {
            var own = rows.values().stream().filter(row -> row.subject.equals(subject)).toList();
            if (own.isEmpty()) {
                continue;
            }
            double inRows = own.stream().mapToLong(Row::counted).sum();
            double inBucket = level(subject) * perSecond;
            double kept = own.stream().mapToDouble(row -> row.shownSeconds * perSecond).sum();
            assertThat(inBucket)
                    .isGreaterThan(inRows - seconds() * perSecond - 0.01)
                    .isLessThan(inRows + kept + 0.01);
            assertThat(held(subject)).isEqualTo(own.stream().filter(Row::isOpen).count());
        }
    }

    /** Seconds until a subject's bucket of the month is full again. */
    private double level(String subject) {
        return number(
                        "SELECT greatest(coalesce(max(value), 0) - quota.ns(clock_timestamp()), 0) FROM quota.buckets WHERE bucket = 'user/%s/tokens/2592000'"
                                .formatted(subject))
                / 1e9;
    }

    private long held(String subject) {
        return number(
                "SELECT coalesce(max(value), 0) FROM quota.buckets WHERE bucket = 'user/%s/slots/0'"
                        .formatted(subject));
    }

    /** How long the ledger has been in use. */
    private double seconds() {
        return number(
                        "SELECT (1000 * extract(epoch FROM clock_timestamp() - min(reserved_at)))::bigint FROM quota.reservations")
                / 1000.0;
    }

    private long number(String sql) {
        return books.with(handle -> handle.createQuery(sql).mapTo(long.class).one());
    }

    private static List<String> subjects() {
        return Stream.iterate(0, i -> i < SUBJECTS, i -> i + 1).map(i -> "subject-" + i).toList();
    }

    private static ObjectNode config() throws Exception {
        var config = config(REQUESTS_PER_MINUTE, 5000);
        var user = (ObjectNode) config.at("/plans/user/user");
        user.put("tokens_per_minute", TOKENS_PER_MINUTE)
                .put("requests_per_day", REQUESTS_PER_DAY)
                .put("tokens_per_month", TOKENS_PER_MONTH)
                .put("concurrent_requests", AT_ONCE);
        return config;
    }

    /** All limits the same, and all defaults filled in, as Kong sends it. */
    static ObjectNode config(long limit, int deadline) throws Exception {
        return (ObjectNode)
                Json.parse(
                        """
                        {"audience": "llm-api-lite", "teams": {}, "prices": {}, "tools": {},
                         "other_requests": 0, "output_tokens": 4096, "media_tokens": 4096,
                         "store_deadline": %1$d,
                         "plans": {"user": {"key": {}, "models": {}, "on_store_failure": "deny",
                           "user": {"requests_per_minute": %2$d, "tokens_per_minute": %2$d,
                             "requests_per_day": %2$d, "tokens_per_month": %2$d,
                             "concurrent_requests": %2$d}}}}
                        """
                                .formatted(deadline, limit));
    }
}
