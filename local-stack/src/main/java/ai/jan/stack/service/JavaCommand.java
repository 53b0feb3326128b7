// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.service;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How a Java process is started.
 *
 * @param jar of the module
 * @param jvm its options besides the heap
 */
public record JavaCommand(Path jar, List<String> jvm) {
    /** Small and quick to start rather than fast after an hour. */
    public static final List<String> QUICK =
            List.of(
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-XX:+ExitOnOutOfMemoryError",
                    "-Xshare:auto");

    static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    List<String> with(int heapMegabytes, String... arguments) {
        var command = java(jvm, heapMegabytes);
        command.add("-jar");
        command.add(jar.toString());
        command.addAll(List.of(arguments));
        return command;
    }

    static List<String> main(String classPath, String main, int heapMegabytes, String... options) {
        var command = java(QUICK, heapMegabytes);
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", classPath, main));
        return command;
    }

    private static List<String> java(List<String> options, int heapMegabytes) {
        var command = new ArrayList<String>();
        command.add(java().toString());
        command.addAll(options);
        command.add("-Xmx" + heapMegabytes + "m");
        return command;
    }
}
