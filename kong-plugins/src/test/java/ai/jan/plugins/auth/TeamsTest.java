// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TeamsTest {
    private final Teams teams = new Teams(Set.of("guests", "users"));

    @Test
    void isTheFirstGroupThatIsATeam() {
        assertThat(teams.of(List.of("users", "team-a", "team-b"))).isEqualTo("team-a");
    }

    @Test
    void hasNoneWhoIsInNoOtherGroup() {
        assertThat(teams.of(List.of("guests"))).isNull();
        assertThat(teams.of(List.of())).isNull();
    }
}
