// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.platform;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** API keys of users of a measurement: made by the platform's own tool, kept for the next run. */
final class ApiKeys {
    private static final String OWNER_ONLY = "rw-------";

    private final Path jar;
    private final Path file;
    private final Map<String, String> environment;

    /**
     * @param jar of the plugins, which has the tool
     * @param file where the keys are kept
     * @param environment of the tool
     */
    ApiKeys(Path jar, Path file, Map<String, String> environment) {
        this.jar = jar;
        this.file = file;
        this.environment = Map.copyOf(environment);
    }

    /** The key of a user, who has one for each plan. */
    synchronized String of(String owner, String plan) throws IOException, InterruptedException {
        var kept = kept();
        var name = owner + '.' + plan;
        var known = kept.getProperty(name);
        if (known != null) {
            return known;
        }
        var key = make(owner, plan);
        kept.setProperty(name, key);
        save(kept);
        return key;
    }

    private Properties kept() throws IOException {
        var kept = new Properties();
        if (Files.exists(file)) {
            try (var in = Files.newInputStream(file)) {
                kept.load(in);
            }
        }
        return kept;
    }

    private String make(String owner, String plan) throws IOException, InterruptedException {
        var builder =
                new ProcessBuilder(
                        List.of(
                                Platform.java(),
                                "-XX:TieredStopAtLevel=1",
                                "-jar",
                                jar.toString(),
                                "api-key",
                                "create",
                                "--owner",
                                owner,
                                "--name",
                                "bench",
                                "--plan",
                                plan));
        builder.environment().keySet().removeIf(name -> name.startsWith("JAN_"));
        builder.environment().putAll(environment);
        var tool = builder.redirectErrorStream(true).start();
        var output = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (tool.waitFor() != 0) {
            throw new IOException("no API key for " + owner + ": " + output);
        }
        return output.lines()
                .filter(line -> line.startsWith("sk_"))
                .findFirst()
                .orElseThrow(() -> new IOException("the API key tool printed no key"));
    }

    private void save(Properties keys) throws IOException {
        if (!Files.exists(file)) {
            Files.createFile(
                    file,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString(OWNER_ONLY)));
        }
        try (var out = Files.newOutputStream(file)) {
            keys.store(out, null);
        }
    }
}
