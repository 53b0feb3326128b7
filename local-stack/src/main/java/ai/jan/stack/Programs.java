// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Finds programs of the machine. */
public final class Programs {
    private Programs() {}

    /** Whether this process may do anything. */
    public static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** A program of the {@code PATH} in an environment. */
    public static Optional<Path> onPath(String program, Map<String, String> environment) {
        for (var folder : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            var candidate = Path.of(folder, program);
            if (!folder.isEmpty()
                    && Files.isRegularFile(candidate)
                    && Files.isExecutable(candidate)) {
                return Optional.of(candidate.toAbsolutePath());
            }
        }
        return Optional.empty();
    }
}
