// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HealthTest {
    private long now;
    private final Health health = new Health(() -> now);

    @Test
    void isOutOfOrderAfterFiveFailuresInARow() {
        fail(4);
        health.succeeded();
        fail(4);
        assertThat(health.isOutOfOrder()).isFalse();
        fail(1);
        assertThat(health.isOutOfOrder()).isTrue();
    }

    @Test
    void comesBackOnTrialWhenItAnswersAfterAPause() {
        fail(5);
        health.probed(true);
        assertThat(health.isOutOfOrder()).as("too early").isTrue();
        pass(Duration.ofSeconds(1));
        health.probed(true);
        assertThat(health.isOutOfOrder()).isFalse();
        fail(1);
        assertThat(health.isOutOfOrder()).as("on trial").isTrue();
    }

    @Test
    void thePauseGrowsUntilItServesAgain() {
        fail(5);
        for (int seconds : new int[] {1, 2, 4, 8, 16, 30, 30}) {
            pass(Duration.ofSeconds(seconds).minusMillis(1));
            assertThat(health.isUnknown(Duration.ofDays(1))).as("before " + seconds).isFalse();
            pass(Duration.ofMillis(1));
            assertThat(health.isUnknown(Duration.ofDays(1))).as("after " + seconds).isTrue();
            health.probed(true);
            fail(1);
        }
        health.succeeded();
        fail(5);
        pass(Duration.ofSeconds(1));
        health.probed(true);
        assertThat(health.isOutOfOrder()).isFalse();
    }

    @Test
    void staysOutOfOrderWhileItDoesNotAnswer() {
        fail(5);
        pass(Duration.ofMinutes(1));
        health.probed(false);
        assertThat(health.isOutOfOrder()).isTrue();
        health.probed(true);
        assertThat(health.isOutOfOrder()).as("just now it did not").isTrue();
    }

    @Test
    void isUnknownWhenNothingWasHeardForLong() {
        pass(Duration.ofSeconds(9));
        assertThat(health.isUnknown(Duration.ofSeconds(10))).isFalse();
        pass(Duration.ofSeconds(1));
        assertThat(health.isUnknown(Duration.ofSeconds(10))).isTrue();
        health.probed(true);
        assertThat(health.isUnknown(Duration.ofSeconds(10))).isFalse();
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            health.failed();
        }
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }
}
