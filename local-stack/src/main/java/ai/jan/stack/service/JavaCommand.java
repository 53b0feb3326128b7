// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.service;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines of Java processes: small and quick to start rather than fast after an hour. */
final class JavaCommand {
    private static final List<String> SMALL =
            List.of(
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-XX:+ExitOnOutOfMemoryError",
                    "-Xshare:auto");

    private JavaCommand() {}

    static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    static List<String> jar(Path jar, int heapMegabytes, String... arguments) {
        var command = new ArrayList<String>();
        command.add(java().toString());
        command.addAll(SMALL);
        command.add("-Xmx" + heapMegabytes + "m");
        command.add("-jar");
        command.add(jar.toString());
        command.addAll(List.of(arguments));
        return command;
    }

    static List<String> main(String classPath, String main, int heapMegabytes, String... options) {
        var command = new ArrayList<String>();
        command.add(java().toString());
        command.addAll(SMALL);
        command.add("-Xmx" + heapMegabytes + "m");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", classPath, main));
        return command;
    }
}
