// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A server of the PostgreSQL that is installed on this machine, with its own programs. */
final class InstalledPostgres implements AutoCloseable {
    private static final Path VERSIONS = Path.of("/usr/lib/postgresql");

    private final Path folder;
    private final Path programs;
    private final int port;

    private InstalledPostgres(Path folder, Path programs, int port) {
        this.folder = folder;
        this.programs = programs;
        this.port = port;
    }

    /** Where initdb, pg_dump and the others are; of several versions the newest. */
    static Optional<Path> programs() throws IOException {
        if (!Files.isDirectory(VERSIONS)) {
            return Optional.empty();
        }
        try (var versions = Files.list(VERSIONS)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .max(Comparator.naturalOrder());
        }
    }

    /** A new server, on 127.0.0.1 only, that trusts whoever asks, as a container's own shell is. */
    static InstalledPostgres start(Path folder) throws IOException {
        Files.createDirectories(folder);
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        var server = new InstalledPostgres(folder, programs().orElseThrow(), port);
        server.asOwner(
                "initdb --pgdata='%s/data' --username=postgres --auth=trust".formatted(folder));
        server.asOwner(
                "pg_ctl --pgdata='%s/data' --wait --log='%s/log' --options='-c listen_addresses=127.0.0.1 -c port=%d -c unix_socket_directories= -c fsync=off' start"
                        .formatted(folder, folder, port));
        return server;
    }

    String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    /** Runs a command as it would be run in the server's container. */
    void shell(String command) throws IOException {
        run(List.of("sh", "-euc", command));
    }

    /** PostgreSQL refuses to run as root, and is root in no other namespace than its own. */
    private void asOwner(String command) throws IOException {
        var root = "root".equals(System.getProperty("user.name"));
        run(
                root
                        ? List.of("unshare", "--user", "sh", "-euc", command)
                        : List.of("sh", "-euc", command));
    }

    private void run(List<String> command) throws IOException {
        var log = Files.createTempFile("postgres", ".log");
        var builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().merge("PATH", programs.toString(), (path, bin) -> bin + ":" + path);
        builder.environment().put("PGHOST", "127.0.0.1");
        builder.environment().put("PGPORT", String.valueOf(port));
        var process = builder.start();
        assertThat(process.onExit().orTimeout(60, TimeUnit.SECONDS))
                .as("%s ends", command)
                .succeedsWithin(Duration.ofSeconds(61));
        assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    }

    @Override
    public void close() throws IOException {
        asOwner("pg_ctl --pgdata='%s/data' --mode=immediate --wait stop".formatted(folder));
    }
}
