// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.auth;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kong.pdk.Kong;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceParentTest {
    private static final String GOOD = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    @ParameterizedTest
    @ValueSource(
            strings = {
                GOOD,
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00",
                "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-future"
            })
    void keepsAValidOne(String value) {
        assertThat(TraceParent.isValid(value)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "junk",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
                GOOD + "\n"
            })
    void refusesAnInvalidOne(String value) {
        assertThat(TraceParent.isValid(value)).isFalse();
    }

    @Test
    void takesTwoForNone() {
        var headers = new Kong.Headers(Map.of("traceparent", List.of(GOOD, GOOD)), false);
        assertThat(TraceParent.isPresentIn(headers)).isFalse();
    }

    @Test
    void mintsValidOnes() {
        var trace = new TraceParent(new SecureRandom());
        assertThat(trace.mint()).matches(TraceParent::isValid).isNotEqualTo(trace.mint());
    }
}
