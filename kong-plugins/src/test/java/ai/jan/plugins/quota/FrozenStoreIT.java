// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.quota;

import static ai.jan.plugins.quota.TestingQuota.error;
import static ai.jan.plugins.quota.TestingQuota.models;
import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.database.Database;
import ai.jan.database.LoginRole;
import ai.jan.database.TestingDatabase;
import ai.jan.kong.testkit.simulated.SimulatedExchange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** PostgreSQL is stopped in the middle of its work, by SIGSTOP, and goes on later. */
@Timeout(60)
class FrozenStoreIT {
    /** Far above the 50 ms that a request waits, far below the seconds of sockets and pools. */
    private static final Duration SOON = Duration.ofMillis(900);

    private static final int CONNECTIONS = 2;

    private TestingDatabase server;
    private Database database;
    private final List<Long> stopped = new ArrayList<>();

    @BeforeEach
    void open() {
        server = TestingDatabase.migrated();
        database = server.open(LoginRole.PLUGINS);
    }

    @AfterEach
    void close() throws Exception {
        thaw();
        database.close();
        server.close();
    }

    @Test
    void aRequestIsDeniedInTime() throws Exception {
        var quota = warm(StoreFailure.DENY);
        freeze();

        for (int i = 0; i < 2 * CONNECTIONS + 1; i++) { // also when all connections hang
            var refused = soon(quota::send);
            refused.hasStatus(503).hasHeader("retry-after", "1");
            assertThat(error(refused).path("code").asText()).isEqualTo("quota_unavailable");
        }

        assertThat(quota.metrics.text())
                .contains(
                        "jan_quota_decisions_total{plan=\"user\",decision=\"store_down_denied\",reason=\"\",} 5.0");
        thaw();
        awaitForwarded(quota);
    }

    @Test
    void aPlanMayAllowRequestsThatAreNotCounted() throws Exception {
        var quota = warm(StoreFailure.ALLOW);
        freeze();

        soon(quota::send)
                .isForwarded()
                .upstreamHasNoHeader("x-jan-reservation")
                .hasNoHeader("x-ratelimit-limit-requests");

        assertThat(quota.metrics.text())
                .contains(
                        "jan_quota_decisions_total{plan=\"user\",decision=\"store_down_allowed\",reason=\"\",} 1.0");
    }

    @Test
    void whatIsReservedTooLateIsGivenBack() throws Exception {
        var quota = warm(StoreFailure.DENY); // of two slots one is held
        freeze();
        soon(quota::send).hasStatus(503);
        thaw();

        awaitForwarded(quota);
        quota.send().hasStatus(429);
    }

    private TestingQuota warm(StoreFailure onFailure) {
        var limits = new LimitsConfig(1000L, null, null, null, null, null, 2L);
        var plan = new PlanConfig(limits, TestingQuota.NONE, Map.of(), onFailure);
        // the first request of a JVM takes longer than 50 ms
        var warmUp = new TestingQuota(models(Map.of("user", plan)), database, CONNECTIONS);
        warmUp.send().isForwarded();
        var config =
                new QuotaConfig(
                        "llm-api-lite",
                        Map.of("user", plan),
                        Map.of(),
                        Map.of(),
                        Map.of(),
                        0,
                        4096,
                        1000,
                        50);
        var quota = new TestingQuota(config, database, CONNECTIONS);
        awaitForwarded(quota);
        return quota;
    }

    private static void awaitForwarded(TestingQuota quota) {
        while (quota.send().upstream().isEmpty()) {
            Thread.onSpinWait();
        }
    }

    private static SimulatedExchange soon(Supplier<SimulatedExchange> sending) {
        long start = System.nanoTime();
        var exchange = sending.get();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
        return exchange;
    }

    /** The server process too, or it would serve new connections. */
    private void freeze() throws Exception {
        var backends =
                database.with(handle ->
                        handle.createQuery(
                                        "SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
                                .mapTo(Long.class)
                                .list());
        stopped.add(
                ProcessHandle.of(backends.getFirst())
                        .flatMap(ProcessHandle::parent)
                        .orElseThrow()
                        .pid());
        stopped.addAll(backends);
        signal("STOP");
    }

    private void thaw() throws Exception {
        signal("CONT");
        stopped.clear();
    }

    private void signal(String name) throws Exception {
        for (long pid : stopped) {
            assertThat(new ProcessBuilder("kill", "-" + name, "" + pid).start().waitFor()).isZero();
        }
    }
}
