// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.dist;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Enumeration;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.tukaani.xz.XZInputStream;

/** Takes archives apart, with Java's own zip and the system's tar. */
final class Archives {
    private Archives() {}

    /** Unpacks all of a zip into a folder; an entry that would leave it is refused. */
    static void unzip(Path zip, Path folder) throws IOException {
        try (var file = new ZipFile(zip.toFile())) {
            for (Enumeration<? extends ZipEntry> entries = file.entries();
                    entries.hasMoreElements(); ) {
                var entry = entries.nextElement();
                var target = folder.resolve(entry.getName()).normalize();
                if (!target.startsWith(folder)) {
                    throw new IOException(zip + " has an entry outside of itself");
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else {
                    Files.createDirectories(target.getParent());
                    try (var content = file.getInputStream(entry)) {
                        Files.copy(content, target);
                    }
                }
            }
        }
    }

    /**
     * Copies the first entry whose name has this ending to a file, which appears when it is whole.
     */
    static void extract(Path zip, String ending, Path target) throws IOException {
        try (var file = new ZipFile(zip.toFile())) {
            var entry =
                    file.stream()
                            .filter(candidate -> candidate.getName().endsWith(ending))
                            .findFirst()
                            .orElseThrow(() -> new IOException(zip + " has no " + ending));
            var part = target.resolveSibling(target.getFileName() + ".part");
            try (var content = file.getInputStream(entry)) {
                Files.copy(content, part, StandardCopyOption.REPLACE_EXISTING);
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /**
     * Unpacks the first {@code .txz} inside a zip. The decompression is ours, as not every machine
     * has xz; modes and links are tar's business.
     */
    static void untarFromZip(Path zip, Path folder) throws IOException, InterruptedException {
        try (var file = new ZipFile(zip.toFile())) {
            var entry =
                    file.stream()
                            .filter(candidate -> candidate.getName().endsWith(".txz"))
                            .findFirst()
                            .orElseThrow(() -> new IOException(zip + " has no .txz"));
            try (var tarball = new XZInputStream(file.getInputStream(entry))) {
                untar(tarball, folder);
            }
        }
    }

    private static void untar(InputStream tarball, Path folder)
            throws IOException, InterruptedException {
        var tar =
                new ProcessBuilder("tar", "-x", "-f", "-", "-C", folder.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try (var in = tar.getOutputStream()) {
            tarball.transferTo(in);
        }
        if (tar.waitFor() != 0) {
            throw new IOException("tar ended with status " + tar.exitValue());
        }
    }
}
