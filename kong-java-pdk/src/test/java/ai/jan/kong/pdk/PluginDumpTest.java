// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.jan.kong.pdk.config.Required;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;

class PluginDumpTest {
    record Config(@Required String text) {}

    static class Base implements Plugin {
        @Override
        public void access(Kong kong) {}
    }

    static final class Example extends Base {
        @Override
        public void log(Kong kong) {}
    }

    private static PluginDefinition<Config, Example> named(String name, String version) {
        return new PluginDefinition<>(
                name, version, 900, Config.class, Example.class, _ -> new Example());
    }

    @Test
    void announcesTheOverriddenPhasesAndNothingElse() throws Exception {
        var json = PluginDump.of(named("my-plugin", "1.2.3")).toJson();

        assertThat(new JsonMapper().readTree(json))
                .isEqualTo(
                        new JsonMapper()
                                .readTree(
                                        """
                                        {"Protocol":"ProtoBuf:1","Plugins":[{"Name":"my-plugin",
                                         "Phases":["access","log"],"Version":"1.2.3","Priority":900,
                                         "Schema":{"name":"my-plugin","fields":[{"config":{"type":"record",
                                          "fields":[{"text":{"type":"string","required":true}}]}}]}}]}\
                                        """));
    }

    @Test
    void isReadAsItWasWritten() {
        var dump = PluginDump.of(named("my-plugin", "1.0.0"));

        assertThat(PluginDump.parse(dump.toJson())).isEqualTo(dump);
        assertThatThrownBy(() -> PluginDump.parse("Picked up JAVA_TOOL_OPTIONS {}"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PluginDump.parse("{\"Plugins\":[]}"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesNamesAndVersionsThatKongRefuses() {
        assertThatThrownBy(() -> PluginDump.of(named("My_Plugin", "1.0.0")))
                .hasMessageContaining("My_Plugin");
        assertThatThrownBy(() -> PluginDump.of(named("p", "1.2.3.4")))
                .hasMessageContaining("1.2.3.4");
    }
}
