// SPDX-License-Identifier: Apache-2.0
package com.example.kong;

import ai.jan.kong.pdk.Kong;
import ai.jan.kong.pdk.Plugin;
import ai.jan.kong.pdk.PluginDefinition;
import ai.jan.kong.pdk.Response.Source;
import ai.jan.kong.pdk.config.Between;
import ai.jan.kong.pdk.config.Default;
import ai.jan.kong.pdk.config.Description;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts answers by status class and by who gave them, and writes the counts to Kong's log now and
 * then. Nobody's request should fail for that, so it fails open.
 */
public final class ResponseMetrics implements Plugin {
    public static final PluginDefinition<Config, ResponseMetrics> DEFINITION =
            new PluginDefinition<>(
                            "response-metrics",
                            "1.0.0",
                            10,
                            Config.class,
                            ResponseMetrics.class,
                            ResponseMetrics::new)
                    .failingOpen();

    /** Its configuration. */
    public record Config(
            @Default("100")
                    @Between(min = 1, max = 1_000_000)
                    @Description("After how many answers the counts are written to the log.")
                    int every) {}

    private final Config config;
    private final AtomicLong answers = new AtomicLong();
    private final Map<String, AtomicLong> counts = new ConcurrentSkipListMap<>();

    private ResponseMetrics(Config config) {
        this.config = config;
    }

    @Override
    public void log(Kong kong) {
        var status = kong.response().getStatus();
        var source = kong.response().getSource();
        var giver = source.get() == Source.SERVICE ? "service" : "gateway";
        counts.computeIfAbsent(giver + " " + status.get() / 100 + "xx", _ -> new AtomicLong())
                .incrementAndGet();
        if (answers.incrementAndGet() % config.every() == 0) {
            kong.log().notice("answers so far: " + counts);
        }
    }
}
