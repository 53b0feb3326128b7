// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The values of {@code kong.conf}: lines of {@code key = value}, comments from {@code #}. */
final class KongConf {
    private final Path file;
    private final List<String> lines;

    private KongConf(Path file, List<String> lines) {
        this.file = file;
        this.lines = lines;
    }

    static KongConf read(Path file) throws IOException {
        return new KongConf(file, Files.readAllLines(file));
    }

    String value(String key) {
        return lines.stream()
                .map(line -> line.split("=", 2))
                .filter(pair -> pair.length == 2 && pair[0].strip().equals(key))
                .map(pair -> pair[1].replaceFirst("\\s#.*", "").strip())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(file + " does not set " + key));
    }
}
