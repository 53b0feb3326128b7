// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.scenario;

import ai.jan.bench.load.Activity;
import ai.jan.bench.special.ContinuedConversations;
import ai.jan.bench.special.HeldStreams;
import ai.jan.bench.special.Leavers;
import ai.jan.bench.special.McpCalls;
import ai.jan.bench.special.PlansAtOnce;
import ai.jan.bench.special.RepeatedPost;
import ai.jan.bench.special.StalledReaders;
import ai.jan.bench.special.StoreFailures;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What a scenario may name as its {@code kind} besides chats. Its own settings are fields of {@code
 * with}, which each reader asks for; a field that none asks for is refused.
 */
final class Activities {
    private static final Map<String, Function<Fields, Activity>> KINDS =
            Map.of(
                    "idle-streams",
                    with ->
                            new HeldStreams(
                                    with.number("streams", 1, 100_000),
                                    with.number("per_second", 1, 100_000),
                                    with.time("gap"),
                                    with.time("together")),
                    "disconnect-storms",
                    with ->
                            new Leavers(
                                    with.number("clients", 1, 100_000),
                                    with.number("storms", 1, 1000)),
                    "slow-readers",
                    with ->
                            new StalledReaders(
                                    with.number("slow", 0, 1000),
                                    with.number("stopped", 1, 1000),
                                    with.number("others", 1, 1000)),
                    "continuation",
                    with -> new ContinuedConversations(with.flag("responses", false)),
                    "repeated-post",
                    with ->
                            new RepeatedPost(
                                    with.text("path"),
                                    with.text("mark"),
                                    with.number("clients", 1, 1000)),
                    "mcp-calls",
                    with -> new McpCalls(with.number("clients", 1, 1000)),
                    "mixed-plans",
                    with -> new PlansAtOnce(with.number("times", 2, 100)),
                    "store-outage",
                    with ->
                            new StoreFailures(
                                    with.real("per_second", 1, 10_000),
                                    with.time("outage"),
                                    with.number("still", 0, 49)));

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
