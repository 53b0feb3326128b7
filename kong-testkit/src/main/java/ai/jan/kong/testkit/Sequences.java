// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Numbers a worker's commands, per plugin, from 2. Thread-safe. */
final class Sequences {
    private final Map<String, Long> last = new ConcurrentHashMap<>();

    long next(String plugin) {
        return last.merge(plugin, 2L, (before, _) -> before + 1);
    }
}
