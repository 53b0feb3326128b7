// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlansTest {
    private final Plans plans =
            new Plans(List.of("guest", "user", "pro", "admin"), Map.of("customers", "pro"));

    @Test
    void givesTheHighestPlanThatARoleGrants() {
        assertThat(plans.of(Set.of("user", "pro", "guest", "offline_access"))).isEqualTo("pro");
    }

    @Test
    void grantsAPlanByARoleOfAnotherName() {
        assertThat(plans.of(Set.of("user", "customers"))).isEqualTo("pro");
    }

    @Test
    void givesTheLowestPlanWhenNoRoleGrantsOne() {
        assertThat(plans.of(Set.of("offline_access"))).isEqualTo("guest");
        assertThat(plans.of(Set.of())).isEqualTo("guest");
    }

    @Test
    void takesTheLowerOfAPlanAndWhatTheRolesGrant() {
        assertThat(plans.lower("admin", Set.of("customers"))).isEqualTo("pro");
        assertThat(plans.lower("user", Set.of("customers"))).isEqualTo("user");
        assertThat(plans.lower("pro", Set.of())).isEqualTo("guest");
        assertThat(plans.lower("discontinued", Set.of("user"))).isEqualTo("user");
    }

    @Test
    void refusesARoleThatGrantsAPlanThereIsNot() {
        assertThatThrownBy(() -> new Plans(List.of("user"), Map.of("customers", "gold")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
