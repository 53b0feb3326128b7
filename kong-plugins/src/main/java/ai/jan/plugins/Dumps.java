// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins;

import ai.jan.kong.pdk.PluginDump;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the dump of each plugin into a folder, {@code jan-auth.json} and so on, for the build: a
 * Kong without a JVM shows them to itself with {@code cat}.
 */
public final class Dumps {
    private Dumps() {}

    public static void main(String[] arguments) throws IOException {
        var folder = Files.createDirectories(Path.of(arguments[0]));
        for (var plugin : Plugins.described()) {
            Files.writeString(
                    folder.resolve(plugin.name() + ".json"), PluginDump.of(plugin).toJson());
        }
    }
}
