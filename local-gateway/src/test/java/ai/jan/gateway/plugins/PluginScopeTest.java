// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.gateway.config.PluginEntity.Scope;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The order of Kong's scopes, as recorded in the topic scoping. */
class PluginScopeTest {
    private static Scope scope(String kinds) {
        return new Scope(one(kinds, "r"), one(kinds, "s"), one(kinds, "c"));
    }

    private static Optional<String> one(String kinds, String kind) {
        return kinds.contains(kind) ? Optional.of(kind) : Optional.empty();
    }

    @Test
    void prefersTheMoreSpecificScope() {
        var mostFirst = List.of("rsc", "rc", "sc", "rs", "c", "r", "s", "");
        var shuffled = List.of("", "c", "rs", "r", "rsc", "sc", "s", "rc");
        assertThat(
                        shuffled.stream()
                                .sorted(
                                        Comparator.comparing((String kinds) ->
                                                        PluginChain.specificity(scope(kinds)))
                                                .reversed())
                                .toList())
                .isEqualTo(mostFirst);
    }
}
