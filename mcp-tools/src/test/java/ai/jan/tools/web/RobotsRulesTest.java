// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RobotsRulesTest {
    private static final String FILE =
            """
            # everybody
            User-agent: *
            Disallow: /private
            Disallow: /*.pdf$
            Allow: /private/open

            User-agent: other
            User-agent: janserver
            Disallow: /only-us
            """;

    @ParameterizedTest
    @CsvSource({
        "someone, /, true",
        "someone, /private/x, false",
        "someone, /private/open/x, true",
        "someone, /a/b.pdf, false",
        "someone, /a/b.pdf?x, true",
        "JanServer, /private/x, true",
        "JanServer, /only-us/x, false"
    })
    void theLongestRuleOfOnesOwnGroupDecides(String agent, String path, boolean allowed) {
        assertThat(RobotsRules.parse(FILE, agent).allow(path)).isEqualTo(allowed);
    }

    @Test
    void aHostilePatternDoesNotTakeLong() {
        var pattern = "/" + "*a".repeat(1_000) + "$";
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () ->
                        assertThat(RobotsRules.matches(pattern, "/" + "a".repeat(900) + "b"))
                                .isFalse());
    }
}
