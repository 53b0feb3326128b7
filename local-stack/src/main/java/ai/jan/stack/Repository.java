// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack;

import ai.jan.kit.lifecycle.ProcessFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * The working copy this was built in: where the other modules' jars and the configuration files
 * are.
 *
 * @param root the folder of {@code kong.yml}
 */
public record Repository(Path root) {
    /** Found by where this class was loaded from: {@code local-stack/target/…}. */
    static Repository found() {
        try {
            var code =
                    Path.of(
                            Repository.class
                                    .getProtectionDomain()
                                    .getCodeSource()
                                    .getLocation()
                                    .toURI());
            return new Repository(code.resolve("../../..").normalize());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("a class without a place", e);
        }
    }

    /** The jar of a process. */
    public Path jar(String module) {
        return built(root.resolve(module).resolve("target").resolve(module + ".jar"));
    }

    /** A file that is part of the repository. */
    public Path file(String path) {
        var file = root.resolve(path);
        if (!Files.exists(file)) {
            throw ProcessFailure.unavailable(
                    "the repository is not complete: " + file + " is missing");
        }
        return file;
    }

    /** What a plugin would answer to Kong's query. */
    public Path pluginDump(String plugin) {
        return built(root.resolve("kong-plugins/target/dump").resolve(plugin + ".json"));
    }

    /** PostgreSQL's binaries for this platform. */
    public Path postgresArchive() {
        var folder = built(root.resolve("local-stack/target/postgres"));
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .findFirst()
                    .orElseThrow(() -> notBuilt(folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The Keycloak version of the build. */
    public String keycloakVersion() {
        var versions = new Properties();
        try (var in = Repository.class.getResourceAsStream("versions.properties")) {
            versions.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return versions.getProperty("keycloak");
    }

    private static Path built(Path path) {
        if (!Files.exists(path)) {
            throw notBuilt(path);
        }
        return path;
    }

    private static ProcessFailure notBuilt(Path path) {
        return ProcessFailure.unavailable(path + " is missing: use `make run`, which builds it");
    }
}
