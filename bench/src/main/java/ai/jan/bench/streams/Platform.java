// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.streams;

import ai.jan.bench.load.Target;
import ai.jan.bench.model.MockModel;
import ai.jan.kit.identity.Identity;
import ai.jan.kit.identity.IdentityKey;
import ai.jan.kit.identity.IdentitySigner;
import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The platform of {@code make run}, on free ports, in front of a model that is there already. */
public final class Platform implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(5);
    private static final double TICKS_PER_SECOND = 100; // on every Linux
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
    private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");

    private final Process process;
    private final Path home;
    private final JsonNode stack;

    private Platform(Process process, Path home, JsonNode stack) {
        this.process = process;
        this.home = home;
        this.stack = stack;
    }

    /**
     * @param home where it keeps its data
     * @param more variables of the environment
     */
    public static Platform start(Path root, Path home, URI model, Map<String, String> more)
            throws IOException, InterruptedException {
        Files.createDirectories(home);
        var file = home.resolve("stack.json");
        Files.deleteIfExists(file);
        var builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        root.resolve("local-stack/target/local-stack.jar").toString());
        builder.directory(root.toFile())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("stack.out").toFile());
        var environment = builder.environment();
        environment.put("JAN_HOME", home.toString());
        environment.putIfAbsent("JAN_DIST", root.resolve(".jan/dist").toString());
        environment.put("JAN_KEYCLOAK", "off");
        environment.put("JAN_VLLM_URL", model.toString());
        for (var port :
                new String[] {"GATEWAY", "STATUS", "LLM_API", "MCP_TOOLS", "DATABASE", "MODEL"}) {
            environment.put("JAN_" + port + "_PORT", "0");
        }
        environment.putAll(more);
        var process = builder.start();
        long until = System.nanoTime() + START.toNanos();
        while (!Files.exists(file)) {
            if (!process.isAlive() || System.nanoTime() > until) {
                process.destroy();
                throw new IOException(
                        "the platform did not start:\n"
                                + Files.readString(home.resolve("stack.out")));
            }
            Thread.sleep(200);
        }
        return new Platform(process, home, Json.parse(Files.readAllBytes(file)));
    }

    /** llm-api-lite itself, without the gateway. */
    public Target service() throws IOException {
        var secrets = new Properties();
        try (var in = Files.newInputStream(home.resolve("secrets.properties"))) {
            secrets.load(in);
        }
        var key = IdentityKey.of(secrets.getProperty("identity_key_llm_api_lite"));
        var signer = new IdentitySigner("llm-api-lite", key, Clock.systemUTC());
        return new Target(
                "llm-api-lite",
                URI.create(stack.path("llm_api_url").asText()).resolve("/v1"),
                MockModel.NAME,
                () -> Map.of(Identity.HEADER, signer.sign(someone())));
    }

    /** Everything: the gateway, which is not Kong here, with all plugins. */
    public Target gateway() {
        return Target.withKey(
                "local-gateway",
                URI.create(stack.path("gateway_url").asText()).resolve("/v1"),
                MockModel.NAME,
                stack.path("api_key").asText());
    }

    private static Identity someone() {
        return new Identity(
                "bench",
                Identity.Method.API_KEY,
                Set.of("user"),
                Set.of(),
                "pro",
                null,
                null,
                UUID.randomUUID().toString());
    }

    /** Where llm-api-lite tells its metrics. */
    public URI metrics() {
        return URI.create(stack.path("llm_api_metrics_url").asText());
    }

    /** Seconds of a processor that llm-api-lite has used so far. */
    public double processorSeconds() throws IOException {
        var stat = Files.readString(Path.of("/proc/" + pid() + "/stat"));
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }

    /** Megabytes of memory that llm-api-lite holds now. */
    long residentMegabytes() throws IOException {
        return status(RESIDENT);
    }

    /** The most it ever held. */
    long peakMegabytes() throws IOException {
        return status(PEAK);
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            process.waitFor(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long status(Pattern pattern) throws IOException {
        var matcher = pattern.matcher(Files.readString(Path.of("/proc/" + pid() + "/status")));
        if (!matcher.find()) {
            throw new IOException("nothing is known of llm-api-lite");
        }
        return Long.parseLong(matcher.group(1)) / 1024;
    }

    private long pid() {
        return stack.path("pids").path("llm-api-lite").asLong();
    }
}
