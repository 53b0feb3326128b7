// SPDX-License-Identifier: Apache-2.0
package ai.jan.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoDurationTest {
    @ParameterizedTest
    @CsvSource({
        "PT0.012S, 12ms",
        "PT1S, 1s",
        "PT8.64S, 8.64s",
        "PT6M, 6m0s",
        "PT1H23M31S, 1h23m31s",
        "PT23H55M16.126S, 23h55m16.126s",
        "PT114H18M, 114h18m0s",
        "PT0S, 0s",
        "PT0.0009S, 0s",
        "PT1.005S, 1.005s",
        "PT1H0.5S, 1h0m0.5s",
    })
    void isWrittenAsGoDoes(Duration duration, String text) {
        assertThat(GoDuration.format(duration)).isEqualTo(text);
    }
}
