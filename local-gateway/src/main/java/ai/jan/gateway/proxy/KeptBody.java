// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.proxy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request body that was read: in memory while it is small, else in a file. */
final class KeptBody implements AutoCloseable {
    private final long memory;
    private final Path folder;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private @Nullable Path file;
    private @Nullable OutputStream out;
    private long size;

    KeptBody(long memory, Path folder) {
        this.memory = memory;
        this.folder = folder;
    }

    void write(byte[] data, int length) throws IOException {
        size += length;
        if (file == null && size <= memory) {
            bytes.write(data, 0, length);
            return;
        }
        if (out == null) {
            Files.createDirectories(folder);
            file = Files.createTempFile(folder, "body", "");
            out = Files.newOutputStream(file);
            bytes.writeTo(out);
            bytes.reset();
        }
        out.write(data, 0, length);
    }

    long size() {
        return size;
    }

    /** The bytes, if they are in memory. */
    Optional<byte[]> bytes() {
        return file == null ? Optional.of(bytes.toByteArray()) : Optional.empty();
    }

    /** The file, if the bytes are in one. */
    Optional<Path> file() throws IOException {
        if (out != null) {
            out.flush();
        }
        return Optional.ofNullable(file);
    }

    void writeTo(OutputStream target) throws IOException {
        if (file == null) {
            bytes.writeTo(target);
        } else {
            file();
            Files.copy(file, target);
        }
    }

    @Override
    public void close() throws IOException {
        if (out != null) {
            out.close();
        }
        if (file != null) {
            Files.deleteIfExists(file);
        }
    }
}
