// SPDX-License-Identifier: Apache-2.0
package com.example.kong;

import ai.jan.kong.pdk.Kong;
import ai.jan.kong.pdk.Plugin;
import ai.jan.kong.pdk.PluginDefinition;
import ai.jan.kong.pdk.config.Default;
import ai.jan.kong.pdk.config.Description;
import ai.jan.kong.pdk.config.Match;
import ai.jan.kong.pdk.config.Required;

// begin plugin
/** Tells the service who is greeted. */
public final class HelloHeader implements Plugin {
    public static final PluginDefinition<Config, HelloHeader> DEFINITION =
            new PluginDefinition<>(
                    "hello-header",
                    "1.0.0",
                    900,
                    Config.class,
                    HelloHeader.class,
                    HelloHeader::new);

    /** What is written in {@code kong.yml}; Kong checks it before we ever see it. */
    public record Config(
            @Required @Description("Who is greeted by the service.") String name,
            @Default("X-Hello")
                    @Match(
                            value = "^[%w-]+$",
                            accepts = "X-Hello",
                            refuses = {"X Hello", ""})
                    @Description("The header that carries the greeting.")
                    String header) {}

    private final Config config;

    private HelloHeader(Config config) {
        this.config = config;
    }

    @Override
    public void access(Kong kong) {
        var path = kong.request().getPath(); // asked for, not yet waited for
        kong.service().request().setHeader(config.header(), "Hello, " + config.name());
        kong.log().info("greeted on " + path.get()); // one round trip for all of it
    }
}
// end plugin
