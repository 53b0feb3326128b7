// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack;

import ai.jan.kit.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * {@code stack.json}: where everything is, for scripts and tests. It is there when all of the stack
 * is ready, and only then. It holds credentials, so only its owner can read it. Thread-safe.
 */
final class StackFile {
    private final Path file;
    private final Map<String, String> addresses;

    /**
     * @param addresses its flat keys
     */
    StackFile(Path file, Map<String, String> addresses) {
        this.file = file;
        this.addresses = Map.copyOf(addresses);
    }

    synchronized void write(Map<String, Long> pids) throws IOException {
        var content = Json.object();
        addresses.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(address -> content.put(address.getKey(), address.getValue()));
        var ids = content.putObject("pids");
        pids.forEach(ids::put);
        PrivateFile.write(file, Json.text(content) + "\n");
    }

    synchronized void remove() throws IOException {
        Files.deleteIfExists(file);
    }
}
