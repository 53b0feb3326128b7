// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.quota;

import static ai.jan.plugins.quota.TestingQuota.NONE;
import static ai.jan.plugins.quota.TestingQuota.caller;
import static ai.jan.plugins.quota.TestingQuota.chat;
import static ai.jan.plugins.quota.TestingQuota.error;
import static ai.jan.plugins.quota.TestingQuota.limits;
import static ai.jan.plugins.quota.TestingQuota.models;
import static ai.jan.plugins.quota.TestingQuota.plan;
import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.database.Database;
import ai.jan.database.LoginRole;
import ai.jan.database.TestingDatabase;
import ai.jan.kong.pdk.Phase;
import ai.jan.kong.testkit.simulated.SimulatedRequest;
import ai.jan.plugins.request.RequestSummary;
import ai.jan.quota.Amount;
import ai.jan.quota.Ledger;
import ai.jan.quota.Price;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class QuotaPluginIT {
    private static TestingDatabase server;
    private static Database database;

    @BeforeAll
    static void open() {
        server = TestingDatabase.migrated();
        database = server.open(LoginRole.PLUGINS);
    }

    @AfterAll
    static void close() {
        database.close();
        server.close();
    }

    @Test
    void tellsTheClientWhatIsLeftAndTheServiceWhatToSettle() {
        var quota = of(plan(limits(500L, 30_000L)));
        quota.summary = chat(18, 20L);

        var exchange = quota.send();

        exchange.hasHeader("x-ratelimit-limit-requests", "500")
                .hasHeader("x-ratelimit-remaining-requests", "499")
                .hasHeader("x-ratelimit-reset-requests", "120ms")
                .hasHeader("x-ratelimit-limit-tokens", "30000")
                .hasHeader("x-ratelimit-remaining-tokens", "29962")
                .hasHeader("x-ratelimit-reset-tokens", "76ms");
        assertThat(quota.reservation(exchange).amount()).isEqualTo(new Amount(1, 18, 20));
        assertThat(exchange.roundTrips("jan-quota", Phase.ACCESS)).isEqualTo(1);
        assertThat(exchange.calls("jan-quota", Phase.ACCESS)).hasSizeLessThanOrEqualTo(5);
        assertThat(quota.metrics.text())
                .contains(
                        "jan_quota_decisions_total{plan=\"user\",decision=\"reserved\",reason=\"\",} 1.0",
                        "jan_quota_store_seconds_count 1.0");
    }

    @Test
    void refusesInOpenAisShape() throws Exception {
        var quota = of(plan(limits(null, 30_000L)));
        quota.summary = chat(25_000, 265L);
        quota.send();
        quota.summary = chat(8_000, 20L);

        var exchange = quota.send();

        exchange.hasStatus(429).hasHeader("content-type", "application/json");
        assertThat(error(exchange).path("type").asText()).isEqualTo("tokens");
        assertThat(error(exchange).path("code").asText()).isEqualTo("rate_limit_exceeded");
        assertThat(error(exchange).path("message").asText())
                .contains("Rate limit reached for m")
                .containsPattern("Limit 30000, Used \\d+, Requested 8020")
                .containsPattern("Please try again in \\d[.\\d]*s");
        assertThat(exchange.response().headers().first("retry-after-ms")).isPresent();
        assertThat(exchange.response().headers().first("x-ratelimit-limit-tokens"))
                .contains("30000");
    }

    @Test
    void aRequestForMoreThanTheLimitIsNotToBeRepeated() {
        var quota = of(plan(limits(null, 100L)));
        quota.summary = chat(101, 0L);

        quota.send().hasStatus(429).hasHeader("x-should-retry", "false");
    }

    @Test
    void anEventThatKongRunsAgainIsCountedOnce() {
        var config = models(Map.of("user", plan(limits(10L, null))));
        var quota = new TestingQuota(config, database, 4, 3, Clock.systemUTC());

        quota.send().isForwarded().hasHeader("x-ratelimit-remaining-requests", "9");
    }

    @Test
    void hostsWhoseClocksAreWrongShareOneLimit() {
        var limits = new LimitsConfig(null, 10L, null, null, null, null, null);
        var config = models(Map.of("user", plan(limits)));
        var caller = caller("user", null, null);
        int admitted = 0;
        for (int days = -10; days <= 10; days++) {
            var clock = Clock.offset(Clock.systemUTC(), Duration.ofDays(days));
            var quota = new TestingQuota(config, database, 4, 1, clock);
            quota.caller = caller;
            admitted += quota.send().upstream().isPresent() ? 1 : 0;
        }

        assertThat(admitted).isEqualTo(10);
    }

    @Test
    void aHundredRequestsWithOneRequestIdOfTheirClientCountAHundredTimes() {
        var quota = of(plan(new LimitsConfig(null, 100L, null, null, null, null, null)));
        for (int i = 0; i < 100; i++) {
            quota.send(
                            SimulatedRequest.post("/v1/chat/completions", "{}")
                                    .withHeader("X-Request-Id", "always the same"))
                    .isForwarded();
        }

        quota.send(
                        SimulatedRequest.post("/v1/chat/completions", "{}")
                                .withHeader("X-Request-Id", "always the same"))
                .hasStatus(429);
    }

    @Test
    void usersKeysTeamsAndModelsHaveLimitsOfTheirOwn() {
        var plan =
                new PlanConfig(
                        limits(100L, null),
                        limits(50L, null),
                        Map.of("m", limits(20L, null)),
                        StoreFailure.DENY);
        var config =
                new QuotaConfig(
                        "llm-api-lite",
                        Map.of("user", plan),
                        Map.of("*", limits(10L, null)),
                        Map.of(),
                        Map.of(),
                        0,
                        4096,
                        1000,
                        5000);
        var quota = new TestingQuota(config, database, 4);
        quota.caller = caller("user", "team " + Math.random(), "key");

        assertThat(quota.reservation(quota.send()).limits()).hasSize(4);
        quota.send().hasHeader("x-ratelimit-limit-requests", "10");
    }

    @Test
    void aBudgetOfMoneyIsReservedAtThePriceOfTheModel() throws Exception {
        var money = new LimitsConfig(null, null, null, null, null, 1.0, null);
        var config =
                new QuotaConfig(
                        "llm-api-lite",
                        Map.of("user", plan(money)),
                        Map.of(),
                        Map.of("m", new PriceConfig(100, 400)),
                        Map.of(),
                        0,
                        4096,
                        1000,
                        5000);
        var quota = new TestingQuota(config, database, 4);
        quota.summary = chat(2000, 1500L); // 0.2 + 0.6

        assertThat(quota.reservation(quota.send()).price())
                .isEqualTo(new Price(0, 100_000, 400_000));
        var refused = quota.send();
        assertThat(error(refused).path("type").asText()).isEqualTo("insufficient_quota");
        assertThat(error(refused).path("message").asText())
                .contains("Limit 1, Used 0.8, Requested 0.8");
    }

    @Test
    void theConfigurationsPriceOfAModelGoesBeforeTheFilesAndThatBeforeOthers(@TempDir Path folder)
            throws Exception {
        var file = folder.resolve("backends.yml");
        Files.writeString(
                file,
                "backends: [{name: a, models: [{id: m, price: {input: 1, output: 2}},"
                        + " {id: listed, price: {input: 3, output: 4}}]}]");
        var config =
                new QuotaConfig(
                        "llm-api-lite",
                        Map.of("user", plan(limits(100L, 1_000_000L))),
                        Map.of(),
                        Map.of("m", new PriceConfig(5, 6), "*", new PriceConfig(7, 8)),
                        Map.of(),
                        0,
                        4096,
                        1000,
                        5000);
        var quota = new TestingQuota(config, database, ModelPrices.read(file));

        assertThat(quota.priceOf("m")).isEqualTo(new Price(0, 5000, 6000));
        assertThat(quota.priceOf("listed")).isEqualTo(new Price(0, 3000, 4000));
        assertThat(quota.priceOf("unheard-of")).isEqualTo(new Price(0, 7000, 8000));
    }

    @Test
    void aSlotIsFreeWhenTheServiceHasSettled() {
        var quota = of(plan(new LimitsConfig(null, null, null, null, null, null, 1L)));
        var first = quota.reservation(quota.send());
        quota.send().hasStatus(429).hasHeader("retry-after-ms", "1000");

        new Ledger(database).settle(first, new Amount(1, 1, 1));

        quota.send().isForwarded();
    }

    @Test
    void whatUsesNoModelIsFreeUnlessThePolicySaysOtherwise() {
        var quota = of(plan(limits(1L, null)));
        quota.summary = RequestSummary.other();

        for (int i = 0; i < 3; i++) {
            quota.send()
                    .isForwarded()
                    .hasNoHeader("x-ratelimit-limit-requests")
                    .upstreamHasNoHeader("x-jan-reservation");
        }
    }

    @Test
    void aPlanWithoutAnEntryIsNotLetIn() {
        var quota = of(plan(NONE));
        quota.caller = caller("guest", null, null);

        quota.send().hasStatus(403);
    }

    @Test
    void aUsedUpLimitIsKnownWithoutAskingAgain() {
        var quota = of(plan(limits(1L, null)));
        quota.send().isForwarded();
        quota.send().hasStatus(429);

        quota.send().hasStatus(429).hasHeader("x-ratelimit-remaining-requests", "0");

        assertThat(quota.metrics.text())
                .contains(
                        "jan_quota_store_seconds_count 2.0",
                        "jan_quota_decisions_total{plan=\"user\",decision=\"refused\",reason=\"requests\",} 2.0");
    }

    private static TestingQuota of(PlanConfig user) {
        return new TestingQuota(models(Map.of("user", user)), database, 4);
    }
}
