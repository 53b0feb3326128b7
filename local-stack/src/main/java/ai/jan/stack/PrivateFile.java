// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Files and folders that nobody but their owner can read, at no moment. */
public final class PrivateFile {
    private PrivateFile() {}

    /** Makes a folder that only its owner can enter; one that is there stays as it is. */
    public static void folder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(
                    folder,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        }
    }

    /** Makes an empty file with a name that begins like this. */
    public static Path create(Path folder, String prefix) throws IOException {
        return Files.createTempFile(
                folder,
                prefix,
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    /** Replaces the file as a whole. */
    public static void write(Path file, String text) throws IOException {
        var fresh = create(file.resolveSibling("."), "." + file.getFileName());
        try {
            Files.writeString(fresh, text);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}
