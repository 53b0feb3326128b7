// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import ai.jan.kit.identity.Identity;
import ai.jan.kit.identity.IdentityKey;
import ai.jan.kit.identity.IdentitySigner;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** One more process of a service of a running stack, which is told something else. */
final class SecondService implements AutoCloseable {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Duration START = Duration.ofSeconds(60);

    private final Process process;
    private final URI url;
    private final IdentitySigner signer;

    private SecondService(Process process, URI url, IdentitySigner signer) {
        this.process = process;
        this.url = url;
        this.signer = signer;
    }

    static SecondService llmApiLite(TestingStack stack, Map<String, String> more)
            throws IOException, InterruptedException {
        var settings = new HashMap<>(more);
        settings.put("JAN_BACKENDS_FILE", stack.home().resolve("backends.yml").toString());
        return start(stack, "llm-api-lite", "llm_api", settings);
    }

    static SecondService mcpTools(TestingStack stack, Map<String, String> more)
            throws IOException, InterruptedException {
        var settings = new HashMap<>(more);
        settings.put("JAN_EMBEDDINGS_URL", "http://127.0.0.1:1"); // its own model takes long
        settings.put("JAN_EMBEDDINGS_MODEL", "none");
        return start(stack, "mcp-tools", "mcp_tools", settings);
    }

    private static SecondService start(
            TestingStack stack, String service, String user, Map<String, String> settings)
            throws IOException, InterruptedException {
        var secrets = stack.secrets();
        var key = secrets.get("identity_key_" + service.replace('-', '_'));
        var port = Processes.freePort();
        var log = Files.createDirectories(stack.home().resolve("second-" + service));
        var builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx192m",
                        "-jar",
                        ROOT.resolve(service + "/target/" + service + ".jar").toString(),
                        "serve");
        builder.redirectErrorStream(true).redirectOutput(log.resolve(service + ".log").toFile());
        var environment = builder.environment();
        environment.keySet().removeIf(each -> each.startsWith("JAN_"));
        environment.putAll(settings);
        environment.put("JAN_STOP_ON_STDIN_EOF", "true"); // it ends when we do
        environment.put("JAN_HTTP_PORT", String.valueOf(port));
        environment.put("JAN_DATABASE_URL", stack.databaseUrl());
        environment.put("JAN_DATABASE_USER", "jan_" + user);
        environment.put("JAN_DATABASE_PASSWORD", secrets.get(user + "_database_password"));
        environment.put(
                "JAN_IDENTITY_KEY_" + service.replace('-', '_').toUpperCase(Locale.ROOT), key);
        var second =
                new SecondService(
                        builder.start(),
                        URI.create("http://127.0.0.1:" + port),
                        new IdentitySigner(service, IdentityKey.of(key), Clock.systemUTC()));
        try {
            second.awaitStart();
            return second;
        } catch (IOException | InterruptedException e) {
            second.close();
            throw e;
        }
    }

    /** What the gateway would say of somebody: a header that services believe. */
    String identity() {
        return signer.sign(
                new Identity(
                        "somebody",
                        Identity.Method.API_KEY,
                        Set.of("user"),
                        Set.of(),
                        "pro",
                        null,
                        null,
                        UUID.randomUUID().toString()));
    }

    /** Posts past the gateway. */
    HttpResponse<String> post(String path, String identity, String trace, String body)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(url.resolve(path))
                        .timeout(Gateway.BOUND)
                        .header("Content-Type", "application/json")
                        .header(Identity.HEADER, identity)
                        .header("traceparent", trace)
                        .POST(HttpRequest.BodyPublishers.ofString(body));
        try (var http = HttpClient.newHttpClient()) {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    private void awaitStart() throws IOException, InterruptedException {
        var deadline = Instant.now().plus(START);
        var health = HttpRequest.newBuilder(url.resolve("/healthz")).timeout(START).build();
        try (var http = HttpClient.newHttpClient()) {
            while (true) {
                try {
                    var _ = http.send(health, HttpResponse.BodyHandlers.discarding());
                    return;
                } catch (IOException e) {
                    if (!process.isAlive() || Instant.now().isAfter(deadline)) {
                        throw new IOException("it did not start; see its log", e);
                    }
                    Thread.sleep(50);
                }
            }
        }
    }

    @Override
    public void close() {
        Processes.end(process, Duration.ofSeconds(10));
    }
}
