// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.platform;

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
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The platform of {@code make run} without Keycloak, on free ports, in front of a model that is
 * there already. All limits and features are on; the limits are out of the way of any load.
 */
public final class Platform implements AutoCloseable {
    /** Its processes that do something for a chat, as {@code stack.json} names them. */
    public static final List<String> PROCESSES =
            List.of("gateway", "kong-plugins", "llm-api-lite", "postgres");

    /** Users that take turns: one alone would wait for the locks of its own limits. */
    private static final int USERS = 8;

    private static final String PLAN = "pro";
    private static final Duration START = Duration.ofMinutes(5);

    private final Process process;
    private final Path home;
    private final JsonNode stack;
    private final Properties secrets;
    private final ApiKeys keys;

    private Platform(Process process, Path root, Path home) throws IOException {
        this.process = process;
        this.home = home;
        this.stack = described(home);
        this.secrets = new Properties();
        try (var in = Files.newInputStream(home.resolve("secrets.properties"))) {
            secrets.load(in);
        }
        this.keys =
                new ApiKeys(
                        root.resolve("kong-plugins/target/kong-plugins.jar"),
                        home.resolve("bench-keys.properties"),
                        Map.of(
                                "JAN_DATABASE_URL",
                                stack.path("database_url").asText(),
                                "JAN_DATABASE_USER",
                                "jan_plugins",
                                "JAN_DATABASE_PASSWORD",
                                secrets.getProperty("plugins_database_password"),
                                "JAN_API_KEY_PEPPER",
                                secrets.getProperty("api_key_pepper"),
                                "JAN_IDENTITY_KEY_LLM_API_LITE",
                                secrets.getProperty("identity_key_llm_api_lite"),
                                "JAN_IDENTITY_KEY_MCP_TOOLS",
                                secrets.getProperty("identity_key_mcp_tools")));
    }

    /**
     * Starts it and waits until a request goes all the way through.
     *
     * @param root the repository, built
     * @param home where it keeps its data; one run after the other may use the same
     * @param model the mock's, without a path
     * @param chain what the gateway is to have
     * @param more variables of the environment
     */
    public static Platform start(
            Path root, Path home, URI model, Chain chain, Map<String, String> more)
            throws IOException, InterruptedException {
        Files.createDirectories(home);
        Files.deleteIfExists(home.resolve("stack.json"));
        var declaration = home.resolve("kong-" + chain.label() + ".yml");
        Files.writeString(
                declaration,
                Declaration.of(Files.readString(root.resolve("kong.yml")), chain, model));
        var builder =
                new ProcessBuilder(
                        java(),
                        "-jar",
                        root.resolve("local-stack/target/local-stack.jar").toString());
        builder.directory(root.toFile())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("stack.out").toFile());
        var environment = builder.environment();
        environment.put("JAN_HOME", home.toString());
        environment.putIfAbsent("JAN_DIST", root.resolve(".jan/dist").toString());
        environment.put("JAN_KEYCLOAK", "off");
        environment.put("JAN_JVM", "images");
        environment.put("JAN_KONG_YML", declaration.toString());
        environment.put("JAN_VLLM_URL", model.toString());
        for (var port :
                new String[] {"GATEWAY", "STATUS", "LLM_API", "MCP_TOOLS", "DATABASE", "MODEL"}) {
            environment.put("JAN_" + port + "_PORT", "0");
        }
        environment.putAll(more);
        return started(builder.start(), root, home);
    }

    private static Platform started(Process process, Path root, Path home)
            throws IOException, InterruptedException {
        long until = System.nanoTime() + START.toNanos();
        while (!Files.exists(home.resolve("stack.json"))) {
            if (!process.isAlive() || System.nanoTime() > until) {
                process.destroy();
                throw new IOException(
                        "the platform did not start:\n"
                                + Files.readString(home.resolve("stack.out")));
            }
            Thread.sleep(200);
        }
        return new Platform(process, root, home);
    }

    /** The entrance of a chain that this platform has, for {@link #USERS} users in turn. */
    public Target target(Chain chain) throws IOException, InterruptedException {
        if (!chain.hasGateway()) {
            return service();
        }
        var users = new ArrayList<Map<String, String>>();
        for (int i = 0; i < USERS; i++) {
            users.add(Map.of("Authorization", "Bearer " + apiKey("bench-" + i, PLAN)));
        }
        var turn = new AtomicInteger();
        return new Target(
                gatewayName(),
                url("gateway_url").resolve("/v1"),
                MockModel.NAME,
                () -> users.get(Math.floorMod(turn.getAndIncrement(), USERS)));
    }

    /** llm-api-lite itself, without the gateway. */
    public Target service() {
        var key = IdentityKey.of(secrets.getProperty("identity_key_llm_api_lite"));
        var signer = new IdentitySigner("llm-api-lite", key, Clock.systemUTC());
        return new Target(
                "llm-api-lite",
                url("llm_api_url").resolve("/v1"),
                MockModel.NAME,
                () -> Map.of(Identity.HEADER, signer.sign(someone())));
    }

    /** mcp-tools itself, without the gateway. */
    public Target tools() {
        var key = IdentityKey.of(secrets.getProperty("identity_key_mcp_tools"));
        var signer = new IdentitySigner("mcp-tools", key, Clock.systemUTC());
        return new Target(
                "mcp-tools",
                url("mcp_tools_url").resolve("/v1"),
                MockModel.NAME,
                () -> Map.of(Identity.HEADER, signer.sign(someone())));
    }

    /**
     * The gateway, for one user.
     *
     * @param name of the target
     * @param plan of {@code kong.yml}
     */
    public Target caller(String name, String owner, String plan)
            throws IOException, InterruptedException {
        var url = url("gateway_url").resolve("/v1");
        return Target.withKey(name, url, MockModel.NAME, apiKey(owner, plan));
    }

    /** A connection to its database for the superuser. */
    public Connection database() throws SQLException {
        return DriverManager.getConnection(
                url("database_url").toString(),
                "postgres",
                secrets.getProperty("postgres_password"));
    }

    private static Identity someone() {
        return new Identity(
                "bench",
                Identity.Method.API_KEY,
                Set.of("user"),
                Set.of(),
                PLAN,
                null,
                null,
                UUID.randomUUID().toString());
    }

    /** {@code local-gateway} or {@code Kong}, whichever was started. */
    public String gatewayName() throws IOException {
        var command = Files.readString(Path.of("/proc/" + process("gateway").pid() + "/cmdline"));
        return command.contains("local-gateway.jar") ? "local-gateway" : "Kong";
    }

    /**
     * An API key; the first time one is made, which takes a second or two.
     *
     * @param plan of {@code kong.yml}
     */
    public String apiKey(String owner, String plan) throws IOException, InterruptedException {
        return keys.of(owner, plan);
    }

    /**
     * An address of {@code stack.json}.
     *
     * @param name such as {@code gateway_url}, {@code mcp_tools_url}, {@code llm_api_metrics_url}
     */
    public URI url(String name) {
        return URI.create(stack.path(name).asText());
    }

    /**
     * A process as it is now: one that was started again has another id.
     *
     * @param name as in {@link #PROCESSES}
     */
    public ProcessTree process(String name) throws IOException {
        long pid = described(home).path("pids").path(name).asLong();
        if (pid <= 0) {
            throw new IOException("the platform does not run " + name);
        }
        return new ProcessTree(pid);
    }

    private static JsonNode described(Path home) throws IOException {
        return Json.parse(Files.readAllBytes(home.resolve("stack.json")));
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(1, TimeUnit.MINUTES)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
