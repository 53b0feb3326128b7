// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.service;

import ai.jan.kit.lifecycle.ProcessFailure;
import ai.jan.stack.PrivateFile;
import ai.jan.stack.Programs;
import ai.jan.stack.Secrets;
import ai.jan.stack.Trees;
import ai.jan.stack.process.ChildEnvironment;
import ai.jan.stack.process.Launch;
import ai.jan.stack.process.Supervisor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * PostgreSQL with its data in a folder that lives from run to run. It listens on the loopback
 * interface only and asks everybody for a password. It refuses to run as root; root runs it in a
 * user namespace where it is nobody.
 */
public final class Postgres {
    public static final String NAME = "postgres";
    public static final String DATABASE = "jan";
    public static final String MIGRATION_ROLE = "jan_migration";

    private static final Duration INITIALIZATION = Duration.ofMinutes(2);
    private static final int STATUS_LINE = 7; // of postmaster.pid, counted from 0

    private final Path programs;
    private final Path home;
    private final Path data;
    private final int port;
    private final Secrets secrets;

    /**
     * @param programs the unpacked distribution
     * @param home the folder that holds the database cluster; made if it is not there
     */
    public Postgres(Path programs, Path home, int port, Secrets secrets) {
        this.programs = programs;
        this.home = home;
        this.data = home.resolve("postgres");
        this.port = port;
        this.secrets = secrets;
    }

    /** Where clients find it. */
    public static String jdbcUrl(int port) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + DATABASE;
    }

    /**
     * Makes the cluster, the database and the role that migrates it, if they are not there.
     *
     * @return whether they are new
     */
    public boolean initialize(Supervisor supervisor) throws IOException, InterruptedException {
        checkUser(supervisor, home);
        if (Files.exists(data)) {
            return false;
        }
        var workspace = home.resolve("postgres.new");
        Trees.delete(workspace);
        Files.createDirectories(home);
        var passwordFile = PrivateFile.create(home, "initdb");
        try {
            Files.writeString(passwordFile, secrets.random(Secrets.POSTGRES_PASSWORD));
            supervisor.run(
                    "making the database",
                    command(
                            "initdb",
                            "--pgdata=" + workspace,
                            "--username=postgres",
                            "--pwfile=" + passwordFile,
                            "--auth=scram-sha-256",
                            "--encoding=UTF8",
                            "--locale=C",
                            "--no-instructions"),
                    ChildEnvironment.ours(Map.of()),
                    programs,
                    INITIALIZATION);
        } finally {
            Files.delete(passwordFile);
        }
        supervisor.runWithInput(
                "creating the database jan",
                command("postgres", "--single", "-D", workspace.toString(), "postgres"),
                ChildEnvironment.ours(Map.of()),
                programs,
                """
                CREATE ROLE %1$s LOGIN CREATEROLE PASSWORD '%2$s';
                CREATE DATABASE %3$s OWNER %1$s;
                """
                        .formatted(
                                MIGRATION_ROLE,
                                secrets.random(Secrets.MIGRATION_PASSWORD),
                                DATABASE),
                INITIALIZATION);
        Files.move(workspace, data, StandardCopyOption.ATOMIC_MOVE);
        return true;
    }

    /**
     * @param libraries that it loads at its start, with commas; may be empty
     */
    public Launch launch(String libraries) {
        return new Launch(
                NAME,
                command(
                        "postgres",
                        "-D",
                        data.toString(),
                        "-p",
                        String.valueOf(port),
                        "-c",
                        "listen_addresses=127.0.0.1",
                        "-c",
                        "unix_socket_directories=",
                        "-c",
                        "shared_preload_libraries=" + libraries,
                        "-c",
                        "shared_buffers=64MB"),
                ChildEnvironment.ours(Map.of()),
                home,
                Launch.Wave.DATABASE,
                Launch.StopSignal.INT,
                () -> isReady(data.resolve("postmaster.pid")) && Probe.accepts(port),
                Launch.NEVER,
                Duration.ofMinutes(1));
    }

    /** The server writes there how far it is, as pg_ctl reads it. */
    private static boolean isReady(Path statusFile) {
        try {
            var lines = Files.readAllLines(statusFile);
            return lines.size() > STATUS_LINE && lines.get(STATUS_LINE).strip().equals("ready");
        } catch (IOException e) {
            return false; // not written yet
        }
    }

    /**
     * @throws ProcessFailure if this user cannot run it, with what to do
     */
    private static void checkUser(Supervisor supervisor, Path folder) throws InterruptedException {
        if (!Programs.isRoot()) {
            return;
        }
        try {
            var _ =
                    supervisor.run(
                            "the attempt to be nobody",
                            List.of("unshare", "-U", "true"),
                            ChildEnvironment.ours(Map.of()),
                            folder,
                            Duration.ofSeconds(10));
        } catch (ProcessFailure e) {
            throw ProcessFailure.unavailable(
                    "PostgreSQL does not run as root, and root cannot make a user namespace here:"
                            + " start this as another user");
        }
    }

    private List<String> command(String program, String... arguments) {
        var command = new ArrayList<String>();
        if (Programs.isRoot()) {
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(programs.resolve("bin").resolve(program).toString());
        command.addAll(List.of(arguments));
        return command;
    }
}
