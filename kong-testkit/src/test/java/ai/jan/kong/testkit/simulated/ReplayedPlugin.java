// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import ai.jan.kong.pdk.Kong;
import ai.jan.kong.pdk.Plugin;
import ai.jan.kong.pdk.PluginDefinition;
import ai.jan.kong.pdk.calls.RawCalls;
import ai.jan.kong.pdk.config.Default;
import ai.jan.kong.pdk.config.Referenceable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A plugin of the recorder, as it would be written with the kit. */
final class ReplayedPlugin implements Plugin {
    /** Of the plugins that only talk. */
    record Note(@Nullable String note) {}

    /** Of a plugin that has a field of every kind; what is needed of it is only that it is read. */
    record Kinds(
            @Default("dflt") String sReq,
            @Nullable String sOpt,
            @Nullable @Referenceable String sRef,
            @Default("1.5") double num,
            @Nullable Double numOpt,
            @Default("42") long integer,
            @Default("false") boolean bFalse,
            List<String> arr,
            @Default({"1", "2", "3"}) List<Integer> arrInt,
            Set<String> set,
            Map<String, Double> map,
            Map<String, String> mapD,
            List<Item> arrRec,
            Rec rec) {}

    record Item(@Nullable String k, List<Double> v) {}

    record Rec(@Nullable String a, @Nullable Integer b, @Nullable Deep deep) {}

    record Deep(@Default("true") boolean c) {}

    private final ReplayedScript script;

    private ReplayedPlugin(ReplayedScript script) {
        this.script = script;
    }

    static List<PluginDefinition<?, ?>> definitions(List<String> names, ReplayedScript script) {
        return names.stream()
                .<PluginDefinition<?, ?>>map(name ->
                        name.equals("cfgp")
                                ? definition(name, Kinds.class, script)
                                : definition(name, Note.class, script))
                .toList();
    }

    private static <C extends Record> PluginDefinition<C, ReplayedPlugin> definition(
            String name, Class<C> config, ReplayedScript script) {
        return new PluginDefinition<>(
                name, "1.0.0", 900, config, ReplayedPlugin.class, _ -> new ReplayedPlugin(script));
    }

    @Override
    public void certificate(Kong kong) throws Exception {
        script.run(RawCalls.of(kong));
    }

    @Override
    public void rewrite(Kong kong) throws Exception {
        script.run(RawCalls.of(kong));
    }

    @Override
    public void access(Kong kong) throws Exception {
        script.run(RawCalls.of(kong));
    }

    @Override
    public void response(Kong kong) throws Exception {
        script.run(RawCalls.of(kong));
    }

    @Override
    public void preread(Kong kong) throws Exception {
        script.run(RawCalls.of(kong));
    }

    @Override
    public void log(Kong kong) throws Exception {
        script.run(RawCalls.of(kong));
    }
}
