// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CacheTest {
    private final Cache<String, String> cache =
            new Cache<>(20_000, String::length, Duration.ofMinutes(1), Clock.systemUTC());

    @Test
    void whatWasNotAskedForTheLongestMakesRoomWhenThereIsTooMuch() {
        cache.put("a", "x".repeat(8_000));
        cache.put("b", "x".repeat(8_000));
        assertThat(cache.get("a")).isPresent();

        cache.put("c", "x".repeat(8_000));

        assertThat(cache.get("b")).isEmpty();
        assertThat(cache.get("a")).isPresent();
        assertThat(cache.get("c")).isPresent();
    }

    @Test
    void anEntryInPlaceOfAnotherCountsOnce() {
        cache.put("other", "y");
        for (int i = 0; i < 10; i++) {
            cache.put("same", "x".repeat(8_000));
        }
        assertThat(cache.get("other")).isPresent();
    }

    @Test
    void whatIsLargerThanAllIsNotKept() {
        cache.put("a", "x".repeat(30_000));
        cache.put("b", "x");

        assertThat(cache.get("a")).isEmpty();
        assertThat(cache.get("b")).isPresent();
    }
}
