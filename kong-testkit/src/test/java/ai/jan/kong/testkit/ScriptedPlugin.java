// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit;

import ai.jan.kong.pdk.Kong;
import ai.jan.kong.pdk.Plugin;
import ai.jan.kong.pdk.PluginDefinition;
import ai.jan.kong.pdk.config.Default;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A plugin that does in its phases what a test says, and counts its objects. */
final class ScriptedPlugin implements Plugin {
    static final String NAME = "scripted";

    /** What a phase does. */
    @FunctionalInterface
    interface Script {
        void run(Kong kong, Config config) throws Exception;
    }

    /** What closing it does. */
    @FunctionalInterface
    interface Closing {
        void run() throws Exception;
    }

    record Config(@Default("a") String text, @Default("1") int number) {}

    /** The objects made and closed so far. */
    record Counts(AtomicInteger made, AtomicInteger closed) {
        Counts() {
            this(new AtomicInteger(), new AtomicInteger());
        }
    }

    private final Config config;
    private final Script script;
    private final Closing closing;

    private ScriptedPlugin(Config config, Script script, Closing closing) {
        this.config = config;
        this.script = script;
        this.closing = closing;
    }

    static PluginDefinition<Config, ScriptedPlugin> definition(Script script) {
        return definition(script, () -> {});
    }

    static PluginDefinition<Config, ScriptedPlugin> definition(Script script, Counts counts) {
        return definition(config -> {
            counts.made().incrementAndGet();
            return new ScriptedPlugin(config, script, () -> counts.closed().incrementAndGet());
        });
    }

    static PluginDefinition<Config, ScriptedPlugin> definition(Script script, Closing closing) {
        return definition(config -> new ScriptedPlugin(config, script, closing));
    }

    private static PluginDefinition<Config, ScriptedPlugin> definition(
            Function<Config, ScriptedPlugin> factory) {
        return new PluginDefinition<>(
                NAME, "1.0.0", 900, Config.class, ScriptedPlugin.class, factory);
    }

    @Override
    public void rewrite(Kong kong) throws Exception {
        script.run(kong, config);
    }

    @Override
    public void access(Kong kong) throws Exception {
        script.run(kong, config);
    }

    @Override
    public void log(Kong kong) throws Exception {
        script.run(kong, config);
    }

    @Override
    public void close() {
        try {
            closing.run();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
