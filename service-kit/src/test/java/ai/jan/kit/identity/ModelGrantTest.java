// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ModelGrantTest {
    private static final ModelGrant GRANT =
            new ModelGrant(
                    Set.of("smollm2", "qwen/*"), Map.of("fast", List.of("smollm2", "llama")), null);

    @Test
    void namesAreExactUnlessTheyEndWithAStar() {
        assertThat(GRANT.mayAskFor("smollm2")).isTrue();
        assertThat(GRANT.mayAskFor("smollm2-instruct")).isFalse();
        assertThat(GRANT.mayAskFor("SMOLLM2")).isFalse();
        assertThat(GRANT.mayAskFor("qwen/3")).isTrue();
        assertThat(GRANT.mayAskFor("qwen")).isFalse();
        assertThat(ModelGrant.EVERYTHING.mayAskFor("anything")).isTrue();
    }

    @Test
    void anAliasIsANameForModelsThatCannotBeNamedThemselves() {
        assertThat(GRANT.mayAskFor("fast")).isTrue();
        assertThat(GRANT.mayAskFor("llama")).isFalse();
        assertThat(GRANT.mayReach("llama")).isTrue();
        assertThat(GRANT.mayReach("fast")).isFalse();
    }

    @Test
    void anAliasIsOfUseWhileOneOfItsModelsIsOffered() {
        assertThat(GRANT.isServed("fast", List.of("llama"))).isTrue();
        assertThat(GRANT.isServed("fast", List.of("qwen/3"))).isFalse();
        assertThat(GRANT.isServed("slow", List.of("llama"))).isFalse();
    }

    @Test
    void aRequestRemembersTheAliasItNamed() {
        assertThat(GRANT.askedFor("fast").asked()).isEqualTo("fast");
        assertThat(GRANT.askedFor("fast").askedFor(null)).isEqualTo(GRANT);
    }
}
