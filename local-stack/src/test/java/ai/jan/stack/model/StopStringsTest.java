// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StopStringsTest {
    @Test
    void passesTextWithoutStopStringsAtOnce() {
        var stops = new StopStrings(List.of());

        assertThat(stops.pass("one ")).isEqualTo("one ");
        assertThat(stops.isFound()).isFalse();
    }

    @Test
    void endsBeforeAStopStringThatIsSpreadOverPieces() {
        var stops = new StopStrings(List.of("\n\nUser:"));

        assertThat(stops.pass("fine.\n")).isEqualTo("fine.");
        assertThat(stops.pass("\nUs")).isEmpty();
        assertThat(stops.pass("er: more")).isEmpty();
        assertThat(stops.isFound()).isTrue();
        assertThat(stops.pass("more")).isEmpty();
        assertThat(stops.rest()).isEmpty();
    }

    @Test
    void givesBackWhatOnlyLookedLikeAStopString() {
        var stops = new StopStrings(List.of("abc"));

        assertThat(stops.pass("xab")).isEqualTo("x");
        assertThat(stops.pass("d")).isEqualTo("abd");
        assertThat(stops.pass("ab")).isEmpty();
        assertThat(stops.rest()).isEqualTo("ab");
    }

    @Test
    void takesTheFirstOfSeveral() {
        var stops = new StopStrings(List.of("late", "so"));

        assertThat(stops.pass("it is so late")).isEqualTo("it is ");
    }
}
