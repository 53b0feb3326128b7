// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ExpiringCacheTest {
    private final TestingClock clock = new TestingClock();
    private final ExpiringCache<String, String> cache = new ExpiringCache<>(2, clock);

    @Test
    void forgetsAValueWhenItsTimeIsOver() {
        cache.put("a", "1", clock.instant().plusSeconds(10));
        clock.advance(Duration.ofMillis(9_999));
        assertThat(cache.get("a")).hasValue("1");
        clock.advance(Duration.ofMillis(1));
        assertThat(cache.get("a")).isEmpty();
        assertThat(cache.size()).isZero();
    }

    @Test
    void dropsTheLeastRecentlyUsedWhenFull() {
        var later = clock.instant().plusSeconds(10);
        cache.put("a", "1", later);
        cache.put("b", "2", later);
        cache.get("a");
        cache.put("c", "3", later);
        assertThat(cache.get("a")).hasValue("1");
        assertThat(cache.get("b")).isEmpty();
        assertThat(cache.get("c")).hasValue("3");
    }
}
