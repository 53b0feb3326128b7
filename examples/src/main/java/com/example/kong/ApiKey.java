// SPDX-License-Identifier: Apache-2.0
package com.example.kong;

import ai.jan.kong.pdk.Kong;
import ai.jan.kong.pdk.Plugin;
import ai.jan.kong.pdk.PluginDefinition;
import ai.jan.kong.pdk.config.Default;
import ai.jan.kong.pdk.config.Description;
import ai.jan.kong.pdk.config.GreaterThan;
import ai.jan.kong.pdk.config.NotScopedTo;
import ai.jan.kong.pdk.config.NotScopedTo.Scope;
import ai.jan.kong.pdk.config.Required;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Lets requests with a known API key through and tells the service whose it is. Keys are looked up
 * in a file, and what was found is remembered for a while. If the file cannot be read, requests
 * fail: who decides about access fails closed.
 */
public final class ApiKey implements Plugin {
    public static final PluginDefinition<Config, ApiKey> DEFINITION =
            new PluginDefinition<>(
                    "file-api-key",
                    "1.0.0",
                    1000,
                    Config.class,
                    ApiKey.class,
                    config -> new ApiKey(config, InstantSource.system()));

    /** Its configuration. */
    @NotScopedTo(Scope.CONSUMER) // it is what finds out who that is
    public record Config(
            @Required
                    @Description(
                            "A file with a line for each key: its SHA-256 in hex, and its owner.")
                    String keysFile,
            @Default("X-Api-Key") @Description("The header that carries the key.") String header,
            @Default("60")
                    @GreaterThan(0)
                    @Description("How many seconds an answer of the file is remembered.")
                    Duration rememberFor) {}

    private final Config config;
    private final KeyFile keys;

    ApiKey(Config config, InstantSource clock) {
        this.config = config;
        this.keys = new KeyFile(Path.of(config.keysFile()), config.rememberFor(), clock);
    }

    @Override
    public void access(Kong kong) throws IOException {
        var key = kong.request().getHeader(config.header()).get();
        var owner = key.isEmpty() ? key : keys.owner(key.get());
        if (owner.isEmpty()) {
            kong.response().setHeader("WWW-Authenticate", "Key");
            throw kong.response().exitJson(401, "{\"message\":\"No valid API key\"}");
        }
        kong.service().request().clearHeader(config.header()); // the service need not know the key
        kong.service().request().setHeader("X-Key-Owner", owner.get());
    }
}
