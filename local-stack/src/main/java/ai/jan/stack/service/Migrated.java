// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/**
 * Remembers which build has migrated the database, so that a start with the same build need not ask
 * again. The services check the version themselves.
 */
public final class Migrated {
    private final Path note;

    /**
     * @param note the file it is remembered in
     */
    public Migrated(Path note) {
        this.note = note;
    }

    public boolean isBy(Path jar) throws IOException {
        return Files.exists(note) && Files.readString(note).equals(fingerprint(jar));
    }

    public void by(Path jar) throws IOException {
        Files.writeString(note, fingerprint(jar));
    }

    public void forget() throws IOException {
        Files.deleteIfExists(note);
    }

    /** Names, sizes and times of the jar and its libraries. */
    private static String fingerprint(Path jar) throws IOException {
        try (var files = Files.walk(jar.resolveSibling("lib"))) {
            return describe(jar)
                    + files.filter(file -> file.toString().endsWith(".jar"))
                            .sorted()
                            .map(Migrated::describe)
                            .collect(Collectors.joining());
        }
    }

    private static String describe(Path file) {
        var attributes = file.toFile();
        return file.getFileName()
                + " "
                + attributes.length()
                + " "
                + attributes.lastModified()
                + "\n";
    }
}
