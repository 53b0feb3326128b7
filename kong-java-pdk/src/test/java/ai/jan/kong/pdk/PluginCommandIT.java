// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kong.pdk.config.Default;
import ai.jan.kong.pdk.server.PluginCommand;
import ai.jan.kong.pdk.server.ServerOptions;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginCommandIT {
    record Config(@Default("1") int number) {}

    static final class Example implements Plugin {}

    private static final PluginDefinition<Config, Example> DEFINITION =
            new PluginDefinition<>(
                    "example", "1.0.0", 1, Config.class, Example.class, _ -> new Example());

    @TempDir Path directory;

    private static int run(String... args) {
        return PluginCommand.run(args, ServerOptions.DEFAULTS, List.of(DEFINITION));
    }

    @Test
    void writesADumpForKong() {
        var file = directory.resolve("example.json");

        assertThat(run("dump", "example", file.toString())).isZero();

        assertThat(file).content().isEqualTo(PluginDump.of(DEFINITION).toJson());
    }

    @Test
    void writesAllDumpsAtOnce() {
        var folder = directory.resolve("dumps");

        assertThat(run("dumps", folder.toString())).isZero();

        assertThat(folder.resolve("example.json"))
                .content()
                .isEqualTo(PluginDump.of(DEFINITION).toJson());
    }

    @Test
    void aWrongCommandLineHasItsOwnStatus() {
        assertThat(run()).isEqualTo(64);
        assertThat(run("serve")).isEqualTo(64);
        assertThat(run("serve", "--socket", "s", "--mode", "everybody")).isEqualTo(64);
        assertThat(run("dump", "nobody")).isEqualTo(64);
    }

    @Test
    void aSocketThatCannotBeMadeHasItsOwnStatus() {
        assertThat(run("serve", "--socket", directory.resolve("none/p.sock").toString()))
                .isEqualTo(69);
    }
}
