// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.junit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder for the time of one test. Files in it are gone with their requests. */
record BodiesFolder(Path path) implements AutoCloseable {
    static BodiesFolder create() {
        try {
            return new BodiesFolder(Files.createTempDirectory("kong-bodies"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(path);
    }
}
