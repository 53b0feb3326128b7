// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The folder of the plugin server's socket, which only its owner can enter: in the stack's own
 * folder, or, as the path of a unix socket is short, among the system's temporary files.
 */
final class SocketFolder implements AutoCloseable {
    private static final String SOCKET = "kong-plugins.sock";
    private static final int MAX_BYTES = 100; // 107 on Linux, 103 on macOS
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path folder;

    private SocketFolder(Path folder) {
        this.folder = folder;
    }

    static SocketFolder in(Path home) throws IOException {
        var near = home.resolve("run");
        if (!isShort(near)) {
            return new SocketFolder(Files.createTempDirectory(temporary(), "jan", OWNER_ONLY));
        }
        if (!Files.isDirectory(near)) {
            Files.createDirectory(near, OWNER_ONLY);
        }
        return new SocketFolder(near);
    }

    private static Path temporary() throws IOException {
        var usual = Path.of(System.getProperty("java.io.tmpdir")).toRealPath();
        return isShort(usual.resolve("jan-and-20-random-digits")) ? usual : Path.of("/tmp");
    }

    private static boolean isShort(Path folder) {
        var socket = folder.resolve(SOCKET).toString();
        return socket.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES;
    }

    Path socket() {
        return folder.resolve(SOCKET);
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(socket());
        Files.deleteIfExists(folder);
    }
}
