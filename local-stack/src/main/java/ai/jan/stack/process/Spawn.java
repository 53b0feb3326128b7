// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.process;

import ai.jan.stack.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Starts operating system processes the way the stack needs them. */
final class Spawn {
    private static final Optional<Path> SETSID = Programs.onPath("setsid", System.getenv());

    private Spawn() {}

    /**
     * Starts a process whose output goes to a log. It keeps a pipe as standard input, which ends
     * when this JVM does. Where the system can, the process gets a session of its own, so that
     * Ctrl-C reaches this JVM only and it can stop the others in order.
     */
    static Process start(
            List<String> command, Map<String, String> environment, Path folder, Path log)
            throws IOException {
        var all = new ArrayList<String>();
        SETSID.ifPresent(setsid -> all.add(setsid.toString()));
        all.addAll(command);
        Files.createDirectories(log.getParent());
        var builder =
                new ProcessBuilder(all)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
    }
}
