// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.database.DatabaseSettings;
import ai.jan.database.LoginRole;
import ai.jan.database.TestingDatabase;
import ai.jan.database.TestingLink;
import ai.jan.kit.config.Secret;
import ai.jan.kit.identity.IdentityKey;
import ai.jan.kit.json.Json;
import ai.jan.kit.telemetry.Telemetry;
import ai.jan.kong.pdk.Phase;
import ai.jan.kong.testkit.EventOutcome;
import ai.jan.kong.testkit.KongWorker;
import ai.jan.kong.testkit.PluginEntity;
import ai.jan.kong.testkit.Timeouts;
import ai.jan.plugins.auth.token.TestingProvider;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** jan-auth and jan-identity one after the other, as Kong runs them: over the socket. */
@Timeout(60)
class IdentityPluginIT {
    private static final TestingProvider PROVIDER = new TestingProvider();
    private static final IdentityKey SHARED = IdentityKey.of("shared with llm-api-lite, 32 bytes");

    private TestingDatabase postgres;
    private TestingLink link;
    private HttpServer provider;
    private Path folder;
    private PluginProcess process;
    private KongWorker worker;
    private PluginEntity auth;
    private PluginEntity identity;

    private record Answer(int status, JsonNode body, Map<String, List<String>> headers) {
        String code() {
            return body.at("/error/code").asText();
        }
    }

    @BeforeEach
    void start() throws Exception {
        postgres = TestingDatabase.migrated();
        link = TestingLink.to(postgres.port());
        var direct = postgres.settings(LoginRole.PLUGINS);
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
                        new DatabaseSettings(
                                direct.url().replace(":" + postgres.port(), ":" + link.port()),
                                direct.user(),
                                direct.password()),
                        new Secret("a pepper for this test, 32 bytes long"),
                        Map.of("llm-api-lite", SHARED),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of());
        process = PluginProcess.start(settings, folder.resolve("s"), _ -> {}, Telemetry.off());
        worker = new KongWorker(folder.resolve("s"), Timeouts.of(Duration.ofSeconds(10)));
        auth = entity("jan-auth", authConfig("jan-identity"));
        identity = entity("jan-identity", identityConfig("https://api.example.com"));
    }

    @AfterEach
    void stop() throws Exception {
        worker.close();
        process.close();
        provider.stop(0);
        link.close();
        postgres.close();
        Files.delete(folder);
    }

    @Test
    void tellsCallersWhatTheirTokenCallsThem() throws Exception {
        var me = call("GET", "/auth/me", "").body();
        assertThat(me.path("id").asText()).isEqualTo(TestingProvider.SUBJECT);
        assertThat(me.path("username").asText()).isEqualTo("ada");
        assertThat(me.path("email").asText()).isEqualTo("ada@example.org");
    }

    @Test
    void makesListsUsesAndEndsAKey() throws Exception {
        var created =
                call("POST", "/auth/api-keys", "{\"name\":\" my laptop \",\"color\":\"red\"}");
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.headers()).containsEntry("Cache-Control", List.of("no-store"));
        var key = created.body().path("key").asText();
        var id = created.body().path("id").asText();
        assertThat(key).matches("sk_live_[0-9a-f]{48}");
        assertThat(created.body().path("name").asText()).isEqualTo("my laptop");
        assertThat(created.body().path("status").asText()).isEqualTo("active");
        assertThat(key)
                .startsWith(created.body().path("prefix").asText())
                .endsWith(created.body().path("suffix").asText());
        assertThat(lifetime(created)).isCloseTo(Duration.ofDays(90), Duration.ofSeconds(30));

        var me = call("GET", "/auth/me", "", "X-API-Key", key);
        assertThat(me.status()).isEqualTo(200);
        assertThat(me.body().path("subject").asText()).isEqualTo(TestingProvider.SUBJECT);
        assertThat(me.body().path("auth_method").asText()).isEqualTo("apikey");
        assertThat(me.body().path("plan").asText()).isEqualTo("user");

        var listed = call("GET", "/llm/auth/api-keys/", "");
        assertThat(listed.body().path("items")).hasSize(1);
        assertThat(listed.body().at("/items/0/id").asText()).isEqualTo(id);
        assertThat(listed.body().toString()).doesNotContain(key).doesNotContain("\"key\"");

        var deleted = call("DELETE", "/auth/api-keys/" + id, "");
        assertThat(deleted.status()).isEqualTo(204);
        assertThat(deleted.body().isMissingNode()).isTrue();
        var deadline = System.nanoTime() + Duration.ofSeconds(1).toNanos();
        while (call("GET", "/auth/me", "", "X-API-Key", key).status() == 200) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.sleep(5);
        }
        assertThat(call("GET", "/auth/api-keys", "").body().at("/items/0/status").asText())
                .isEqualTo("revoked");
    }

    @Test
    void rotatesAKey() throws Exception {
        var created = call("POST", "/auth/api-keys", "{\"name\":\"n\"}");
        var id = created.body().path("id").asText();
        var rotated = call("POST", "/auth/api-keys/" + id + "/rotate", "");
        assertThat(rotated.status()).isEqualTo(201);
        assertThat(rotated.body().path("name").asText()).isEqualTo("n");
        for (var answer : List.of(created, rotated)) {
            var key = answer.body().path("key").asText();
            assertThat(call("GET", "/auth/me", "", "apikey", key).status()).isEqualTo(200);
        }
        var items = call("GET", "/auth/api-keys", "").body().path("items");
        assertThat(items).hasSize(2);
        assertThat(Instant.parse(items.path(1).path("expires_at").asText()))
                .isBefore(Instant.now().plus(Duration.ofHours(25)));
    }

    @Test
    void stopsAtTheLimitOfKeys() throws Exception {
        for (int i = 0; i < 2; i++) {
            assertThat(call("POST", "/auth/api-keys", "{\"name\":\"n\"}").status()).isEqualTo(201);
        }
        var refused = call("POST", "/auth/api-keys", "{\"name\":\"n\"}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.code()).isEqualTo("api_key_limit_reached");
    }

    @Test
    void letsNoKeyManageKeys() throws Exception {
        var created = call("POST", "/auth/api-keys", "{\"name\":\"n\"}");
        var key = created.body().path("key").asText();
        var one = "/auth/api-keys/" + created.body().path("id").asText();
        for (var answer :
                List.of(
                        call("POST", "/auth/api-keys", "{\"name\":\"n\"}", "apikey", key),
                        call("POST", one + "/rotate", "", "apikey", key),
                        call("DELETE", one, "", "apikey", key))) {
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.code()).isEqualTo("access_token_required");
        }
        assertThat(call("GET", "/auth/api-keys", "", "apikey", key).status()).isEqualTo(200);
    }

    @Test
    void reachesNobodyElsesKey() throws Exception {
        var id = call("POST", "/auth/api-keys", "{\"name\":\"n\"}").body().path("id").asText();
        postgres.execute("UPDATE identity.api_keys SET owner = 'eve'");
        assertThat(call("DELETE", "/auth/api-keys/" + id, "").status()).isEqualTo(404);
        assertThat(call("POST", "/auth/api-keys/" + id + "/rotate", "").status()).isEqualTo(404);
        assertThat(call("GET", "/auth/api-keys", "").body().path("items")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "null",
                "{\"name\":",
                "{\"name\":\"  \"}",
                "{\"name\":7}",
                "{\"name\":\"a\\u0000b\"}",
                "{\"name\":\"n\",\"expires_in\":0}",
                "{\"name\":\"n\",\"expires_in\":-1}",
                "{\"name\":\"n\",\"expires_in\":\"90d\"}",
                "{\"name\":\"n\",\"scopes\":\"openid\"}",
                "{\"name\":\"n\",\"scopes\":[\"admin\"]}",
                "{\"name\":\"n\",\"scopes\":[7]}"
            })
    void refusesAWrongRequest(String body) throws Exception {
        var answer = call("POST", "/auth/api-keys", body);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().at("/error/type").asText()).isEqualTo("invalid_request_error");
        assertThat(call("GET", "/auth/api-keys", "").body().path("items")).isEmpty();
    }

    @Test
    void takesTheLifetimeThatIsAskedForUpToTheLongest() throws Exception {
        var hour = call("POST", "/auth/api-keys", "{\"name\":\"n\",\"expires_in\":3600000000000}");
        assertThat(lifetime(hour)).isCloseTo(Duration.ofHours(1), Duration.ofSeconds(30));
        var endless =
                call(
                        "POST",
                        "/auth/api-keys",
                        "{\"name\":\"n\",\"expires_in\":99999999999999999999}");
        assertThat(lifetime(endless)).isCloseTo(Duration.ofDays(90), Duration.ofSeconds(30));
    }

    @Test
    void givesAKeyFewerScopesIfAsked() throws Exception {
        var body = "{\"name\":\"n\",\"scopes\":[\"openid\"]}";
        var key = call("POST", "/auth/api-keys", body).body().path("key").asText();
        var me = call("GET", "/auth/me", "", "X-API-Key", key).body();
        assertThat(me.path("scopes")).hasSize(1);
        assertThat(me.at("/scopes/0").asText()).isEqualTo("openid");
    }

    @Test
    void saysWhoTheCallerIs() throws Exception {
        var me = call("GET", "/auth/me", "").body();
        assertThat(me.path("id").asText()).isEqualTo(TestingProvider.SUBJECT);
        assertThat(me.path("auth_method").asText()).isEqualTo("jwt");
        assertThat(me.path("team").asText()).isEqualTo("team-a");
        var validated = call("POST", "/auth/validate", "{}");
        assertThat(validated.status()).isEqualTo(200);
        assertThat(validated.body().path("valid").asBoolean()).isTrue();
    }

    @Test
    void believesOnlyWhatWasSignedForIt() throws Exception {
        auth = auth.changed(authConfig("llm-api-lite"), 2);
        assertThat(call("GET", "/auth/me", "").status()).isEqualTo(401);
        var forged = GatewayRequest.with("X-Jan-Identity", "forged").to("GET", "/auth/me", "");
        assertThat(answer(forged).status()).isEqualTo(401);
        forged.shared.put("jan_identity", ai.jan.kong.pdk.message.Value.of("forged"));
        assertThat(answer(forged).status()).isEqualTo(401);
    }

    @Test
    void tellsWhereToLogIn() throws Exception {
        var well = "/.well-known/oauth-protected-resource";
        for (var path : List.of("", "/mcp")) {
            var answer = answer(GatewayRequest.with("Host", "evil").to("GET", well + path, ""));
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body().path("resource").asText())
                    .isEqualTo("https://api.example.com" + path);
            assertThat(answer.body().at("/authorization_servers/0").asText())
                    .isEqualTo(TestingProvider.ISSUER);
        }
        assertThat(answer(GatewayRequest.with().to("GET", well + "/admin", "")).status())
                .isEqualTo(404);
        identity = identity.changed(identityConfig(""), 2);
        assertThat(answer(GatewayRequest.with().to("GET", well, "")).status()).isEqualTo(503);
    }

    @Test
    void knowsWhichMethodsAPathHas() throws Exception {
        var answer = call("PUT", "/auth/api-keys", "");
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.headers()).containsEntry("Allow", List.of("GET, POST"));
        assertThat(call("GET", "/auth/nothing", "").status()).isEqualTo(404);
        assertThat(call("DELETE", "/auth/api-keys/null", "").status()).isEqualTo(404);
        assertThat(call("DELETE", "/auth/api-keys/1-1-1-1-1", "").status()).isEqualTo(404);
    }

    @Test
    void saysThatTheDatabaseIsAway() throws Exception {
        assertThat(call("GET", "/auth/me", "").status()).isEqualTo(200);
        link.freeze();
        var answer = call("GET", "/auth/api-keys", "");
        link.repair();
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.headers()).containsEntry("Retry-After", List.of("2"));
        assertThat(answer.body().toString()).doesNotContain("postgres");
    }

    private static Duration lifetime(Answer created) {
        return Duration.between(
                Instant.parse(created.body().path("created_at").asText()),
                Instant.parse(created.body().path("expires_at").asText()));
    }

    /** With an access token, unless there are other headers. */
    private Answer call(String method, String path, String body, String... headers)
            throws Exception {
        var token = new String[] {"Authorization", "Bearer " + PROVIDER.token(Instant.now())};
        var request =
                GatewayRequest.with(headers.length == 0 ? token : headers).to(method, path, body);
        var outcome = worker.run(auth, Phase.ACCESS, request.host());
        return outcome instanceof EventOutcome.Exited exit ? answer(exit) : answer(request);
    }

    private Answer answer(GatewayRequest request) throws Exception {
        var outcome = worker.run(identity, Phase.ACCESS, request.host());
        assertThat(request.log).isEmpty();
        return answer((EventOutcome.Exited) outcome);
    }

    private static Answer answer(EventOutcome.Exited exit) throws Exception {
        return new Answer(exit.status(), Json.parse(exit.body().toArray()), exit.headers());
    }

    private static PluginEntity entity(String name, ObjectNode config) {
        return PluginEntity.global(UUID.randomUUID().toString(), name, config, 1);
    }

    private ObjectNode authConfig(String audience) {
        var config =
                Json.object()
                        .put("audience", audience)
                        .put("issuer", TestingProvider.ISSUER)
                        .put(
                                "jwks_uri",
                                "http://127.0.0.1:" + provider.getAddress().getPort() + "/keys")
                        .put("clock_skew", 10);
        config.putArray("token_audiences").add("llm-api");
        config.putArray("plans").add("guest").add("user").add("pro").add("admin");
        return config;
    }

    private static ObjectNode identityConfig(String publicUrl) {
        var config =
                Json.object()
                        .put("issuer", TestingProvider.ISSUER)
                        .put("public_url", publicUrl)
                        .put("client_id", "llm-api")
                        .put("max_keys", 2)
                        .put("key_lifetime", 7_776_000)
                        .put("key_overlap", 86_400);
        config.putArray("resources").add("/mcp");
        return config;
    }
}
