// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.quota;

import ai.jan.database.Database;
import ai.jan.kit.identity.Identity;
import ai.jan.kit.identity.IdentityKey;
import ai.jan.kit.identity.IdentitySigner;
import ai.jan.kit.json.Json;
import ai.jan.kit.metrics.Metrics;
import ai.jan.kong.pdk.Kong;
import ai.jan.kong.pdk.Plugin;
import ai.jan.kong.testkit.simulated.SimulatedExchange;
import ai.jan.kong.testkit.simulated.SimulatedKong;
import ai.jan.kong.testkit.simulated.SimulatedRequest;
import ai.jan.plugins.auth.AuthPlugin;
import ai.jan.plugins.request.RequestSummary;
import ai.jan.quota.Ledger;
import ai.jan.quota.Price;
import ai.jan.quota.Reservation;
import ai.jan.quota.ReservationVerifier;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** jan-quota in a simulated Kong, behind plugins that say who asks for what. */
final class TestingQuota {
    static final IdentityKey KEY = IdentityKey.of("shared with the service, 32 bytes");
    static final LimitsConfig NONE = new LimitsConfig(null, null, null, null, null, null, null);

    private final String audience;
    private final Clock clock;
    private final SimulatedKong kong;
    final Metrics metrics = new Metrics();
    Identity caller = caller("user", null, null);
    RequestSummary summary = chat(10, 20L);

    TestingQuota(QuotaConfig config, Database database, int connections) {
        this(config, database, connections, 1, Clock.systemUTC(), Optional.empty());
    }

    TestingQuota(QuotaConfig config, Database database, ModelPrices prices) {
        this(config, database, 4, 1, Clock.systemUTC(), Optional.of(prices));
    }

    TestingQuota(QuotaConfig config, Database database, int connections, int times, Clock clock) {
        this(config, database, connections, times, clock, Optional.empty());
    }

    /**
     * @param times how often each event is run
     * @param clock of the host
     */
    private TestingQuota(
            QuotaConfig config,
            Database database,
            int connections,
            int times,
            Clock clock,
            Optional<ModelPrices> prices) {
        this.clock = clock;
        audience = config.audience();
        var services =
                new QuotaServices(
                        new PromptLedger(new Ledger(database), connections),
                        Denials.start(),
                        metrics.quota(),
                        prices);
        var builder = SimulatedKong.builder().plugin("identity", 1251, new Before());
        var plugin = QuotaPlugin.of(config, KEY, services, clock);
        for (int i = 0; i < times; i++) {
            builder.plugin(i == 0 ? "jan-quota" : "again-" + i, 905 - i, plugin);
        }
        kong = builder.build();
    }

    static QuotaConfig models(Map<String, PlanConfig> plans) {
        return new QuotaConfig(
                "llm-api-lite", plans, Map.of(), Map.of(), Map.of(), 0, 4096, 1000, 5000);
    }

    static PlanConfig plan(LimitsConfig user) {
        return new PlanConfig(user, NONE, Map.of(), StoreFailure.DENY);
    }

    static LimitsConfig limits(@Nullable Long requests, @Nullable Long tokens) {
        return new LimitsConfig(requests, null, tokens, null, null, null, null);
    }

    static Identity caller(String plan, @Nullable String team, @Nullable String keyId) {
        return new Identity(
                UUID.randomUUID().toString(),
                Identity.Method.JWT,
                Set.of(),
                Set.of(),
                plan,
                team,
                keyId,
                "request");
    }

    static RequestSummary chat(long promptTokens, @Nullable Long outputTokens) {
        return new RequestSummary(
                RequestSummary.Kind.CHAT, "m", "m", false, promptTokens, 0, outputTokens, false);
    }

    /** What a request to this model is reserved at. */
    Price priceOf(String model) {
        summary =
                new RequestSummary(RequestSummary.Kind.CHAT, model, model, false, 1, 0, 1L, false);
        return reservation(send()).price();
    }

    SimulatedExchange send() {
        return send(SimulatedRequest.post("/v1/chat/completions", "{}"));
    }

    SimulatedExchange send(SimulatedRequest request) {
        return kong.send(request).hasNoFailures();
    }

    Reservation reservation(SimulatedExchange exchange) {
        var header = exchange.isForwarded().upstream().orElseThrow().header(Reservation.HEADER);
        return new ReservationVerifier(audience, List.of(KEY), clock)
                .verify(header.orElseThrow())
                .orElseThrow();
    }

    static JsonNode error(SimulatedExchange exchange) throws Exception {
        return Json.parse(exchange.isNotForwarded().response().body().utf8()).path("error");
    }

    /** Stands for jan-auth and jan-rewrite. */
    private final class Before implements Plugin {
        @Override
        public void access(Kong kong) {
            var token = new IdentitySigner(audience, KEY, clock).sign(caller);
            kong.ctx().shared().set(AuthPlugin.SHARED_IDENTITY, token);
            kong.ctx().shared().set(RequestSummary.SHARED, summary.toJson());
        }
    }
}
