// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.keys;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kit.config.Secret;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeyTextTest {
    @Test
    void generatesKeysOfTheShapeThatItAccepts() {
        var random = new SecureRandom();
        var key = ApiKeyText.generate(random);
        assertThat(key)
                .matches("sk_live_[0-9a-f]{48}")
                .matches(ApiKeyText::isWellFormed)
                .isNotEqualTo(ApiKeyText.generate(random));
        assertThat(ApiKeyText.visibleStart(key)).hasSize(10);
        assertThat(ApiKeyText.visibleEnd(key)).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sk_live_",
                "sk_live_00000000000000000000000000000000000000000000000",
                "sk_live_0000000000000000000000000000000000000000000000000",
                "sk_live_00000000000000000000000000000000000000000000000G",
                "sk_live_00000000000000000000000000000000000000000000000\n",
                "sk_live_' OR 1=1 -- 0000000000000000000000000000000000000",
                "sk_test_000000000000000000000000000000000000000000000000"
            })
    void refusesEveryOtherShape(String text) {
        assertThat(ApiKeyText.isWellFormed(text)).isFalse();
    }

    @Test
    void hashesWithThePepper() {
        var key = "sk_live_" + "0".repeat(48);
        var hash = new KeyHasher(new Secret("pepper-a")).hash(key);
        assertThat(hash.bytes()).hasSize(32);
        assertThat(hash).isEqualTo(new KeyHasher(new Secret("pepper-a")).hash(key));
        assertThat(hash).isNotEqualTo(new KeyHasher(new Secret("pepper-b")).hash(key));
        assertThat(hash.toString()).hasSize(8);
    }
}
