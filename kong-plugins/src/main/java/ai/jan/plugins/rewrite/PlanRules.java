// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.rewrite;

import ai.jan.kit.identity.ModelGrant;
import ai.jan.kit.problem.ApiProblem;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** What each plan may ask for. */
final class PlanRules {
    private static final String OTHERS = "*";

    /**
     * One plan's rules.
     *
     * @param grant its models and aliases
     */
    record Plan(ModelGrant grant, PlanLimits limits) {}

    private final Map<String, Plan> plans = new HashMap<>();

    PlanRules(Map<String, PlanConfig> plans, Aliases aliases) {
        plans.forEach((name, plan) -> this.plans.put(name, rules(plan, aliases)));
        if (plans.isEmpty()) {
            this.plans.put(OTHERS, rules(PlanConfig.OPEN, aliases));
        }
    }

    private static Plan rules(PlanConfig plan, Aliases aliases) {
        var named = new ModelGrant(plan.models(), Map.of(), null);
        var seen = new HashMap<String, List<String>>();
        for (var alias : aliases.names()) {
            if (named.mayAskFor(alias)) {
                seen.put(alias, aliases.models(alias));
            }
        }
        var models = new HashSet<>(plan.models());
        models.removeAll(aliases.names());
        return new Plan(new ModelGrant(models, seen, null), new PlanLimits(plan));
    }

    /**
     * @throws ApiProblem 403 if the plan has no rules
     */
    Plan of(String plan) {
        var rules = plans.getOrDefault(plan, plans.get(OTHERS));
        if (rules == null) {
            throw new ApiProblem(
                    403,
                    ApiProblem.INVALID_REQUEST,
                    "insufficient_permissions",
                    null,
                    "Your plan does not include this.");
        }
        return rules;
    }
}
