// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.gateway.config.Upstream;
import java.util.List;
import org.junit.jupiter.api.Test;

class HealthTest {
    private final Health health =
            new Health(
                    "a.test:80",
                    new Upstream.Healthy(0, 1, List.of(200)),
                    new Upstream.Unhealthy(0, 2, 2, 0, List.of(500)));

    @Test
    void isLostByFailuresInARowAndRegainedByASuccess() {
        health.answered(500);
        health.answered(200);
        health.answered(500);
        assertThat(health.healthy()).isTrue();
        health.answered(500);
        assertThat(health.healthy()).isFalse();
        health.answered(200);
        assertThat(health.healthy()).isTrue();
    }

    @Test
    void isNotLostByWhatIsNotCounted() {
        for (int i = 0; i < 10; i++) {
            health.failed(true);
            health.answered(404);
        }
        assertThat(health.healthy()).isTrue();
        health.failed(false);
        health.failed(false);
        assertThat(health.healthy()).isFalse();
    }
}
