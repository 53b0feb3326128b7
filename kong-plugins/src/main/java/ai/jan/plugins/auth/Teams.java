// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.auth;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which of a caller's groups is the team that pays. */
final class Teams {
    private final Set<String> none;

    /**
     * @param none groups that are no teams, such as the one that every user is in
     */
    Teams(Set<String> none) {
        this.none = Set.copyOf(none);
    }

    /**
     * @param groups in the token's order
     */
    @Nullable String of(List<String> groups) {
        return groups.stream().filter(group -> !none.contains(group)).findFirst().orElse(null);
    }
}
