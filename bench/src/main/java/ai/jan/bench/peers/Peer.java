// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.peers;

import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A gateway of others: how it is started in front of a model, and asked.
 *
 * @param name with its version, as tables have it
 * @param setting what is switched on, for the page
 * @param program to start; empty text if it is not installed
 * @param arguments of the program; no secrets
 * @param environment besides what every program needs
 * @param headers of each request to it
 * @param limited headers of a caller who may ask once a minute; empty if it has no limits
 */
record Peer(
        String name,
        String setting,
        String program,
        List<String> arguments,
        Map<String, String> environment,
        Supplier<Map<String, String>> headers,
        Map<String, String> limited) {
    /** With as many keys as the platform is asked with. */
    private static final int USERS = 8;

    private static final int KEY_BITS = 160;
    private static final SecureRandom RANDOM = new SecureRandom();

    /**
     * LiteLLM's proxy.
     *
     * @param program {@code litellm} of the environment it is installed in, or empty
     * @param settings the folder of its configuration
     */
    static Peer liteLlm(String program, Path settings, int port, URI model) {
        var keys = Stream.generate(Peer::newKey).limit(USERS).toList();
        var limited = newKey();
        var turn = new AtomicInteger();
        return new Peer(
                "LiteLLM proxy 1.106.2",
                "one worker; keys checked and limits of requests, tokens and parallel requests counted for each of eight users' keys, in the"
                        + " memory of the process (`custom_auth`; without a database it has no virtual keys of its own); no database, no"
                        + " spend logs, `LITELLM_LOG=ERROR`, `LITELLM_MODE=PRODUCTION`, telemetry off",
                program,
                List.of(
                        "--config",
                        settings.resolve("config.yaml").toString(),
                        "--host",
                        "127.0.0.1",
                        "--port",
                        String.valueOf(port),
                        "--num_workers",
                        "1"),
                Map.of(
                        "BENCH_MODEL_URL",
                        model.resolve("/v1").toString(),
                        "LITELLM_MASTER_KEY",
                        newKey(),
                        "BENCH_API_KEYS",
                        String.join(",", keys),
                        "BENCH_LIMITED_KEY",
                        limited,
                        "PYTHONDONTWRITEBYTECODE",
                        "1",
                        "LITELLM_LOCAL_MODEL_COST_MAP",
                        "True",
                        "LITELLM_TELEMETRY",
                        "False",
                        "LITELLM_MODE",
                        "PRODUCTION",
                        "LITELLM_LOG",
                        "ERROR"),
                () -> bearer(keys.get(Math.floorMod(turn.getAndIncrement(), USERS))),
                bearer(limited));
    }

    /**
     * vLLM's router.
     *
     * @param program {@code vllm-router} of the environment it is installed in, or empty
     * @param metricsPort where it listens besides
     */
    static Peer vllmRouter(String program, int port, int metricsPort, URI model) {
        return new Peer(
                "vllm-router 0.1.17",
                "nothing: no keys, no limits, no store; round robin over one model, logs of warnings only",
                program,
                List.of(
                        "--worker-urls",
                        model.toString(),
                        "--host",
                        "127.0.0.1",
                        "--port",
                        String.valueOf(port),
                        "--policy",
                        "round_robin",
                        "--prometheus-host",
                        "127.0.0.1",
                        "--prometheus-port",
                        String.valueOf(metricsPort),
                        "--log-level",
                        "warning"),
                Map.of(),
                Map::of,
                Map.of());
    }

    /**
     * Portkey's gateway.
     *
     * @param server its {@code start-server.js}, or empty
     * @param onlyLocal a script that keeps it on 127.0.0.1, which it has no option for
     */
    static Peer portkey(String server, Path onlyLocal, int port, URI model) {
        var headers =
                Map.of(
                        "x-portkey-provider",
                        "openai",
                        "x-portkey-custom-host",
                        model.resolve("/v1").toString(),
                        "Authorization",
                        "Bearer none");
        return new Peer(
                "Portkey gateway 1.15.2",
                "nothing: keys and limits are in its hosted product only; without its console",
                server.isEmpty() ? "" : "node",
                List.of("--require", onlyLocal.toString(), server, "--headless", "--port=" + port),
                Map.of("TRUSTED_CUSTOM_HOSTS", "127.0.0.1", "NODE_ENV", "production"),
                () -> headers,
                Map.of());
    }

    boolean isInstalled() {
        return !program.isEmpty();
    }

    private static Map<String, String> bearer(String key) {
        return Map.of("Authorization", "Bearer " + key);
    }

    private static String newKey() {
        return "sk-" + new BigInteger(KEY_BITS, RANDOM).toString(36);
    }

    @Override
    public String toString() {
        return name; // the rest holds keys
    }
}
