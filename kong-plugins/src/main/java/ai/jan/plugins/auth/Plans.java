// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.auth;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which plan a caller with certain realm roles is on: the highest that one of the roles grants, the
 * lowest if none does.
 */
final class Plans {
    private final List<String> lowestFirst;
    private final Map<String, String> planOfRole;

    /**
     * @param lowestFirst the plans by rank; a role of the same name grants the plan
     * @param planOfRole plans granted by roles of other names
     */
    Plans(List<String> lowestFirst, Map<String, String> planOfRole) {
        if (lowestFirst.isEmpty() || !lowestFirst.containsAll(planOfRole.values())) {
            throw new IllegalArgumentException(
                    "role_plans names a plan that is not in plans, or there is none");
        }
        this.lowestFirst = List.copyOf(lowestFirst);
        this.planOfRole = Map.copyOf(planOfRole);
    }

    String of(Set<String> roles) {
        return roles.stream()
                .map(role -> planOfRole.getOrDefault(role, role))
                .map(lowestFirst::indexOf)
                .max(Integer::compare)
                .filter(rank -> rank >= 0)
                .map(lowestFirst::get)
                .orElseGet(lowestFirst::getFirst);
    }

    /**
     * The lower of a plan and what the roles grant; a plan that there is no more is the highest.
     */
    String lower(String plan, Set<String> roles) {
        var granted = of(roles);
        var rank = lowestFirst.indexOf(plan);
        return rank >= 0 && rank < lowestFirst.indexOf(granted) ? plan : granted;
    }
}
