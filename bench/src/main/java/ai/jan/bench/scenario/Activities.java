// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.scenario;

import ai.jan.bench.load.Activity;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What a scenario may name as its {@code kind} besides chats. Its own settings are fields of {@code
 * with}, which each reader asks for; a field that none asks for is refused.
 */
final class Activities {
    private static final Map<String, Function<Fields, Activity>> KINDS = Map.of();

    private Activities() {}

    static Activity read(String kind, Fields scenario) {
        var reader = KINDS.get(kind);
        if (reader == null) {
            throw scenario.wrong("kind", kind, "chats or one of " + new TreeSet<>(KINDS.keySet()));
        }
        var settings = scenario.object("with");
        var activity = reader.apply(settings);
        settings.end();
        return activity;
    }
}
