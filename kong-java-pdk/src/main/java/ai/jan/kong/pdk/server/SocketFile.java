// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.server;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The socket in the file system. A reload of Kong runs two servers at one path for a while, so a
 * socket that is there is replaced, and on closing the path is removed only if it is still ours.
 */
final class SocketFile implements AutoCloseable {
    /** The system has room for 107 bytes, the JDK takes one less. */
    private static final int MAX_PATH = 106;

    /** Of {@code /.01234567/s}. */
    private static final int WORKSHOP_BYTES = 12;

    private static final int BACKLOG = 4096;

    private final ServerSocketChannel channel;
    private final Path path;
    private final Object inode;

    private SocketFile(ServerSocketChannel channel, Path path, Object inode) {
        this.channel = channel;
        this.path = path;
        this.inode = inode;
    }

    /**
     * Listens at a path. The socket is made in a private directory, gets its mode there, and is
     * moved over whatever is at the path: nobody can connect before the mode is set, and Kong
     * always finds a socket.
     */
    static SocketFile listen(Path path, Optional<Set<PosixFilePermission>> mode)
            throws IOException {
        var absolute = path.toAbsolutePath().normalize();
        var parent = Objects.requireNonNull(absolute.getParent(), "a socket has a directory");
        if (length(absolute) > MAX_PATH) {
            throw new IllegalArgumentException(
                    "a socket's path has at most "
                            + MAX_PATH
                            + " bytes; this one has "
                            + length(absolute)
                            + ": "
                            + absolute);
        }
        requireNotAFile(absolute);
        var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            if (length(parent) + WORKSHOP_BYTES <= MAX_PATH) {
                makeAndMove(channel, parent, absolute, mode);
            } else {
                Files.deleteIfExists(absolute); // no room for a longer path beside it
                bind(channel, absolute, mode);
            }
            return new SocketFile(channel, absolute, inode(absolute));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static void makeAndMove(
            ServerSocketChannel channel,
            Path parent,
            Path path,
            Optional<Set<PosixFilePermission>> mode)
            throws IOException {
        var workshop = privateDirectory(parent);
        var made = workshop.resolve("s");
        try {
            bind(channel, made, mode);
            Files.move(made, path, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(made);
            Files.deleteIfExists(workshop);
        }
    }

    private static void bind(
            ServerSocketChannel channel, Path path, Optional<Set<PosixFilePermission>> mode)
            throws IOException {
        channel.bind(UnixDomainSocketAddress.of(path), BACKLOG);
        if (mode.isPresent()) {
            Files.setPosixFilePermissions(path, mode.get());
        }
    }

    ServerSocketChannel channel() {
        return channel;
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        channel.close();
        try {
            if (inode(path).equals(inode)) {
                Files.delete(path);
            }
        } catch (NoSuchFileException e) {
            // somebody has cleaned up already
        }
    }

    private static Path privateDirectory(Path parent) throws IOException {
        var random = new byte[4];
        new SecureRandom().nextBytes(random);
        var directory = parent.resolve("." + HexFormat.of().formatHex(random));
        return Files.createDirectory(
                directory,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    private static int length(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    /** A socket may be replaced; somebody's document or directory may not. */
    private static void requireNotAFile(Path path) throws IOException {
        if (Files.isRegularFile(path) || Files.isDirectory(path)) {
            throw new IOException("not a socket, will not be replaced: " + path);
        }
    }

    private static Object inode(Path path) throws IOException {
        return Objects.requireNonNull(
                Files.readAttributes(path, BasicFileAttributes.class).fileKey(), "no inode");
    }
}
