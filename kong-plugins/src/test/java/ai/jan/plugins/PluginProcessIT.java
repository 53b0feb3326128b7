// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.database.Database;
import ai.jan.database.LoginRole;
import ai.jan.database.TestingDatabase;
import ai.jan.kit.config.Secret;
import ai.jan.kit.identity.Identity;
import ai.jan.kit.identity.IdentityKey;
import ai.jan.kit.identity.IdentityVerifier;
import ai.jan.kit.json.Json;
import ai.jan.kit.telemetry.Telemetry;
import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.server.EventReport;
import ai.jan.kong.testkit.EventOutcome;
import ai.jan.kong.testkit.KongWorker;
import ai.jan.kong.testkit.PluginEntity;
import ai.jan.kong.testkit.Timeouts;
import ai.jan.plugins.auth.token.TestingProvider;
import ai.jan.plugins.keys.ApiKeys;
import ai.jan.plugins.keys.KeyHasher;
import ai.jan.plugins.keys.NewKey;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** jan-auth as Kong sees it: over the socket, with a real database and a real provider's keys. */
@Timeout(60)
class PluginProcessIT {
    private static final TestingProvider PROVIDER = new TestingProvider();
    private static final Secret PEPPER = new Secret("a pepper for this test, 32 bytes long");
    private static final IdentityKey SHARED = IdentityKey.of("shared with llm-api-lite, 32 bytes");
    private static final IdentityKey OTHER = IdentityKey.of("shared with mcp-tools only, 32 bytes");

    private final BlockingQueue<EventReport> reports = new LinkedBlockingQueue<>();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private TestingDatabase postgres;
    private HttpServer provider;
    private Path folder;
    private PluginProcess process;
    private KongWorker worker;
    private PluginEntity plugin;

    @BeforeEach
    void start() throws IOException {
        log.start();
        logger().setLevel(Level.DEBUG);
        logger().addAppender(log);
        postgres = TestingDatabase.migrated();
        provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        provider.createContext(
                "/keys",
                exchange -> {
                    var keys = PROVIDER.published().toString().getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, keys.length);
                    exchange.getResponseBody().write(keys);
                    exchange.close();
                });
        provider.start();
        folder = Files.createTempDirectory(Path.of("/tmp"), "jan"); // a socket's path is short
        var settings =
                new PluginsSettings(
                        postgres.settings(LoginRole.PLUGINS),
                        PEPPER,
                        Map.of("llm-api-lite", SHARED, "mcp-tools", OTHER),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of());
        process = PluginProcess.start(settings, folder.resolve("s"), reports::add, Telemetry.off());
        worker = new KongWorker(folder.resolve("s"), Timeouts.of(Duration.ofSeconds(10)));
        plugin = configured(TestingProvider.ISSUER, jwksUri());
    }

    @AfterEach
    void stop() throws IOException {
        worker.close();
        process.close();
        provider.stop(0);
        postgres.close();
        Files.delete(folder);
        logger().detachAppender(log);
    }

    @Test
    void acceptsATokenInOneRoundTrip() throws Exception {
        var request = bearer(PROVIDER.token(Instant.now()));
        assertThat(run(request)).isInstanceOf(EventOutcome.Completed.class);
        var identity = identity(request, "llm-api-lite", SHARED);
        assertThat(identity.subject()).isEqualTo(TestingProvider.SUBJECT);
        assertThat(identity.person()).as("names are nobody else's").isNull();
        assertThat(request.downstream).containsEntry("X-Auth-Method", List.of("jwt"));
        var report = reports.poll(5, TimeUnit.SECONDS);
        assertThat(report.roundTrips()).isEqualTo(1);
        assertThat(report.ending()).isEqualTo(EventReport.Ending.COMPLETED);
    }

    @Test
    void acceptsAnApiKeyInOneRoundTrip() throws Exception {
        var key = createKey();
        for (var seen : List.of("for the first time", "again")) {
            assertThat(run(bearer(key))).isInstanceOf(EventOutcome.Completed.class);
            var report = reports.poll(5, TimeUnit.SECONDS);
            assertThat(report.roundTrips()).as(seen).isEqualTo(1);
            assertThat(report.calls()).as(seen).isLessThanOrEqualTo(8);
        }
    }

    @Test
    void acceptsAnApiKeyUntilItIsRevoked() throws Exception {
        var key = createKey();
        var request = GatewayRequest.with("X-API-Key", key);
        assertThat(run(request)).isInstanceOf(EventOutcome.Completed.class);
        var identity = identity(request, "llm-api-lite", SHARED);
        assertThat(identity.subject()).isEqualTo("owner-1");
        assertThat(identity.method()).isEqualTo(Identity.Method.API_KEY);
        assertThat(identity.plan()).isEqualTo("pro");
        assertThat(identity.requestId()).isEqualTo(GatewayRequest.ID);

        postgres.execute("UPDATE identity.api_keys SET revoked_at = now()");
        var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        while (run(bearer(key)) instanceof EventOutcome.Completed) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.sleep(5);
        }
        assertThat(exit(bearer(key)).status()).isEqualTo(401);
    }

    @Test
    void takesAwayForgedHeadersInEverySpelling() throws Exception {
        var request =
                GatewayRequest.with(
                        "Authorization", "Bearer " + createKey(),
                        "X-Jan-Identity", "forged",
                        "X-Jan-Identity", "forged twice",
                        "x_jan_identity", "forged",
                        "X_User_ID", "victim",
                        "X-User-Id", "victim",
                        "X-Consumer-Custom-Id", "victim",
                        "X-Jan-Reservation", "forged",
                        "Accept", "*/*");
        assertThat(run(request)).isInstanceOf(EventOutcome.Completed.class);
        assertThat(request.upstream).containsOnlyKeys("accept", "X-Jan-Identity", "traceparent");
        assertThat(identity(request, "llm-api-lite", SHARED).subject()).isEqualTo("owner-1");
    }

    @Test
    void signsForTheServiceBehindTheRouteAndForNoOther() throws Exception {
        var request = bearer(PROVIDER.token(Instant.now()));
        var config = config(TestingProvider.ISSUER, jwksUri()).put("audience", "mcp-tools");
        worker.run(plugin.changed(config, 2), Phase.ACCESS, request.host());
        assertThat(identity(request, "mcp-tools", OTHER).subject())
                .isEqualTo(TestingProvider.SUBJECT);
        var verifier =
                new IdentityVerifier("llm-api-lite", List.of(SHARED, OTHER), Clock.systemUTC());
        assertThat(verifier.verify(header(request))).isEmpty();
    }

    @Test
    void refusesInTheShapeThatClientsExpect() throws Exception {
        for (var request :
                List.of(
                        GatewayRequest.with("X-User-ID", "victim"),
                        bearer("sk_live_" + "0".repeat(48)),
                        bearer("\u0080\u00ff'; SELECT 1 --"),
                        bearer("x".repeat(8192)),
                        GatewayRequest.with("X-API-Key", "\u0000"))) {
            var exit = exit(request);
            assertThat(exit.status()).isEqualTo(401);
            assertThat(exit.headers()).containsEntry("Content-Type", List.of("application/json"));
            var body = Json.parse(exit.body().toArray());
            assertThat(body.at("/error/type").asText()).isEqualTo("invalid_request_error");
            assertThat(body.at("/message").asText()).isNotEmpty();
            assertThat(body.at("/request_id").asText()).isEqualTo(GatewayRequest.ID);
            assertThat(request.log).isEmpty();
        }
    }

    @Test
    void acceptsNoTokenWhileAVaultReferenceIsEmpty() throws Exception {
        for (var unset : List.of(config("", jwksUri()), config(TestingProvider.ISSUER, ""))) {
            plugin = plugin.changed(unset, plugin.seq() + 1);
            assertThat(exit(bearer(PROVIDER.token(Instant.now()))).status()).isEqualTo(503);
            assertThat(run(bearer(createKey()))).isInstanceOf(EventOutcome.Completed.class);
        }
        assertThat(logged()).contains("accepts no access tokens");
    }

    @Test
    void keepsAcceptingKnownTokensThroughANewConfigurationWhileTheProviderIsDown()
            throws Exception {
        assertThat(run(bearer(PROVIDER.token(Instant.now()))))
                .isInstanceOf(EventOutcome.Completed.class);
        provider.stop(0);
        var changed = config(TestingProvider.ISSUER, jwksUri()).put("clock_skew", 20);
        plugin = plugin.changed(changed, 2);
        assertThat(run(bearer(PROVIDER.token(Instant.now()))))
                .isInstanceOf(EventOutcome.Completed.class);
    }

    @Test
    void writesNoCredentialIntoALog() throws Exception {
        var key = createKey();
        var token = PROVIDER.token(Instant.now());
        var canary = "sk_live_canary'; SELECT 1 --";
        for (var credential : List.of(key, token, canary, token + "x", key.replace('_', '-'))) {
            var request = bearer(credential);
            if (run(request) instanceof EventOutcome.Exited exit) {
                assertThat(exit.body().toString()).doesNotContain(credential);
            }
            assertThat(request.log.toString()).doesNotContain(credential);
        }
        provider.stop(0);
        postgres.execute("DROP TABLE identity.api_keys");
        run(bearer("sk_live_" + "f".repeat(48)));
        assertThat(logged())
                .contains("API keys cannot be looked up")
                .doesNotContain(key.substring(8))
                .doesNotContain(token.substring(token.lastIndexOf('.')))
                .doesNotContain(token.split("\\.")[1])
                .doesNotContain("canary")
                .doesNotContain("ffffffffffffffff")
                .doesNotContain(PEPPER.reveal());
    }

    private EventOutcome run(GatewayRequest request) throws InterruptedException {
        return worker.run(plugin, Phase.ACCESS, request.host());
    }

    private EventOutcome.Exited exit(GatewayRequest request) throws InterruptedException {
        var outcome = run(request);
        assertThat(outcome).isInstanceOf(EventOutcome.Exited.class);
        return (EventOutcome.Exited) outcome;
    }

    private static GatewayRequest bearer(String credential) {
        return GatewayRequest.with("Authorization", "Bearer " + credential);
    }

    private static String header(GatewayRequest request) {
        return request.upstream.get("X-Jan-Identity").getFirst();
    }

    private static Identity identity(GatewayRequest request, String service, IdentityKey key) {
        return new IdentityVerifier(service, List.of(key), Clock.systemUTC())
                .verify(header(request))
                .orElseThrow();
    }

    private String createKey() {
        try (var database = Database.open(postgres.settings(LoginRole.PLUGINS), "test")) {
            return new ApiKeys(database, new KeyHasher(PEPPER), new SecureRandom())
                    .create(
                            new NewKey(
                                    "owner-1",
                                    "test",
                                    "pro",
                                    Set.of("user"),
                                    Set.of(),
                                    null,
                                    null));
        }
    }

    private String jwksUri() {
        return "http://127.0.0.1:" + provider.getAddress().getPort() + "/keys";
    }

    private static PluginEntity configured(String issuer, String jwksUri) {
        var id = UUID.randomUUID().toString();
        return PluginEntity.global(id, "jan-auth", config(issuer, jwksUri), 1);
    }

    /** With the defaults that Kong fills in. */
    private static ObjectNode config(String issuer, String jwksUri) {
        var config =
                Json.object()
                        .put("audience", "llm-api-lite")
                        .put("issuer", issuer)
                        .put("jwks_uri", jwksUri)
                        .put("clock_skew", 10);
        config.putArray("token_audiences").add("llm-api");
        config.putArray("plans").add("guest").add("user").add("pro").add("admin");
        return config;
    }

    private String logged() {
        var text = new StringBuilder();
        for (var event : List.copyOf(log.list)) {
            text.append(event.getFormattedMessage()).append('\n');
            if (event.getThrowableProxy() != null) {
                text.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
            }
        }
        return text.toString();
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger("ai.jan");
    }
}
