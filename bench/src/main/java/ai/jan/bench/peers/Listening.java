// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Where programs listen, as Linux tells it. */
final class Listening {
    private static final String LISTEN = "0A";
    private static final Set<String> LOCAL =
            Set.of(
                    "0100007F", // 127.0.0.1
                    "00000000000000000000000001000000", // ::1
                    "0000000000000000FFFF00000100007F"); // 127.0.0.1, by IPv6

    private Listening() {}

    /**
     * @throws IOException if other machines could connect to the port
     */
    static void onlyLocally(int port) throws IOException {
        for (var table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            var file = Path.of(table);
            if (Files.exists(file)) {
                onlyLocally(port, Files.readAllLines(file));
            }
        }
    }

    /**
     * @param lines a head line, then {@code slot address:port other:port state …} in hexadecimals
     */
    static void onlyLocally(int port, List<String> lines) throws IOException {
        for (var line : lines.subList(1, lines.size())) {
            var fields = line.strip().split("\\s+", -1);
            var local = fields[1].split(":", 2);
            if (fields[3].equals(LISTEN)
                    && Integer.parseInt(local[1], 16) == port
                    && !LOCAL.contains(local[0])) {
                throw new IOException("listens for other machines on port " + port);
            }
        }
    }
}
