// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.quota;

import ai.jan.kit.identity.Identity;
import ai.jan.quota.Limit;
import ai.jan.quota.Unit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which limits a request counts against. */
final class PlanLimits {
    private static final String OTHERS = "*";
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration MONTH = Duration.ofDays(30);
    private static final double BILLIONTHS = 1e9;

    private final Map<String, PlanConfig> plans;
    private final Map<String, LimitsConfig> teams;

    PlanLimits(Map<String, PlanConfig> plans, Map<String, LimitsConfig> teams) {
        this.plans = Map.copyOf(plans);
        this.teams = Map.copyOf(teams);
    }

    /** A plan, unless callers on it may not use this route at all. */
    Optional<PlanConfig> plan(String name) {
        return named(plans, name);
    }

    /**
     * @param model that the request goes to, if it goes to one
     */
    List<Limit> of(Identity caller, PlanConfig plan, @Nullable String model) {
        var limits = new ArrayList<Limit>();
        add(limits, plan.user(), "user", caller.subject());
        if (caller.keyId() != null) {
            add(limits, plan.key(), "key", caller.keyId());
        }
        if (caller.team() != null) {
            var team = caller.team();
            named(teams, team).ifPresent(shared -> add(limits, shared, "team", team));
        }
        if (model != null) {
            var own = plan.models().get(model);
            if (own != null) {
                add(limits, own, "user", caller.subject(), "model", model);
            }
        }
        return limits;
    }

    static <T> Optional<T> named(Map<String, T> entries, String name) {
        return Optional.ofNullable(entries.getOrDefault(name, entries.get(OTHERS)));
    }

    private static void add(List<Limit> limits, LimitsConfig config, String... names) {
        add(limits, Unit.REQUESTS, config.requestsPerMinute(), MINUTE, names);
        add(limits, Unit.REQUESTS, config.requestsPerDay(), DAY, names);
        add(limits, Unit.TOKENS, config.tokensPerMinute(), MINUTE, names);
        add(limits, Unit.TOKENS, config.tokensPerDay(), DAY, names);
        add(limits, Unit.TOKENS, config.tokensPerMonth(), MONTH, names);
        add(limits, Unit.MONEY, billionths(config.moneyPerMonth()), MONTH, names);
        add(limits, Unit.SLOTS, config.concurrentRequests(), Duration.ZERO, names);
    }

    private static void add(
            List<Limit> limits,
            Unit unit,
            @Nullable Long amount,
            Duration window,
            String... names) {
        if (amount != null) {
            limits.add(Limit.of(unit, amount, window, names));
        }
    }

    private static @Nullable Long billionths(@Nullable Double money) {
        return money == null ? null : Math.round(money * BILLIONTHS);
    }
}
