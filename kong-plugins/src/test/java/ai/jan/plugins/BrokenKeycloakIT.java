// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.database.DatabaseSettings;
import ai.jan.kit.config.Secret;
import ai.jan.kit.identity.IdentityKey;
import ai.jan.kit.json.Json;
import ai.jan.kit.telemetry.Telemetry;
import ai.jan.kong.pdk.Phase;
import ai.jan.kong.testkit.EventOutcome;
import ai.jan.kong.testkit.KongWorker;
import ai.jan.kong.testkit.PluginEntity;
import ai.jan.kong.testkit.Timeouts;
import ai.jan.plugins.ScriptedKeycloak.Answer;
import ai.jan.plugins.keycloak.KeycloakSettings;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clients are told when Keycloak is out of order: always the same, in bounded time. */
@Timeout(60)
class BrokenKeycloakIT {
    private static final Duration BOUND = Duration.ofSeconds(9); // Kong waits for ten
    private static final String TOKENS =
            "{\"access_token\":\"a.e30.c\",\"refresh_token\":\"a.e30.c\",\"expires_in\":60}";

    private static ScriptedKeycloak keycloak;
    private static Path folder;
    private static PluginProcess process;
    private static KongWorker worker;

    @BeforeAll
    static void start() throws Exception {
        keycloak = new ScriptedKeycloak(_ -> new Answer(200, TOKENS));
        folder = Files.createTempDirectory(Path.of("/tmp"), "jan"); // a socket's path is short
        process = serve(folder.resolve("s"), Optional.of(keycloak.settings()));
        worker = new KongWorker(folder.resolve("s"), Timeouts.of(Duration.ofSeconds(10)));
    }

    private static PluginProcess serve(Path socket, Optional<KeycloakSettings> settings)
            throws Exception {
        return PluginProcess.start(
                new PluginsSettings(
                        new DatabaseSettings(
                                "jdbc:postgresql://127.0.0.1:1/jan", "nobody", new Secret("x")),
                        new Secret("a pepper for this test, 32 bytes long"),
                        Map.of("llm-api-lite", IdentityKey.of("x".repeat(32))),
                        settings,
                        Optional.empty(),
                        Optional.empty(),
                        List.of()),
                socket,
                _ -> {},
                Telemetry.off());
    }

    @AfterAll
    static void stop() throws Exception {
        worker.close();
        process.close();
        keycloak.close();
        Files.delete(folder);
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /auth/guest-login",
        "POST, /auth/refresh-token",
        "GET, /auth/logout",
        "GET, /llm/auth/callback"
    })
    void saysThatItCannotBeDoneNow(String method, String path) throws Exception {
        var answers =
                List.of(
                        new Answer(500, "{\"error\":\"stack trace of Keycloak\"}"),
                        new Answer(503, ""),
                        new Answer(200, "<html>Keycloak</html>"),
                        new Answer(200, "{}"),
                        new Answer(200, "x".repeat(300_000)),
                        new Answer(302, ""),
                        new Answer(401, "{\"error\":\"unauthorized_client\"}"),
                        new Answer(404, "{\"error\":\"Realm does not exist\"}"),
                        new Answer(429, ""));
        for (var answer : answers) {
            if (answer.body().equals("{}") && path.endsWith("logout")) {
                continue; // a logout expects nothing back
            }
            keycloak.now(_ -> answer);
            unavailable(method, path);
        }
    }

    @Test
    void saysTheSameWhenNobodyListens() throws Exception {
        var closed = new ScriptedKeycloak(_ -> new Answer(200, TOKENS));
        closed.close();
        var socket = folder.resolve("closed");
        try (var _ = serve(socket, Optional.of(closed.settings()));
                var other = new KongWorker(socket, Timeouts.of(Duration.ofSeconds(10)))) {
            assertThat(code(call(other, "POST", "/auth/guest-login", "")))
                    .isEqualTo("identity_provider_unavailable");
        }
    }

    @Test
    void waitsForAFrozenKeycloakOnlySoLong() throws Exception {
        keycloak.now(_ -> new Answer(0, ""));

        unavailable("POST", "/auth/guest-login");
    }

    @Test
    void asksForItsOwnTokenAgainWhenKeycloakHasForgottenIt() throws Exception {
        keycloak.now(request -> new Answer(request.contains("/admin/") ? 401 : 200, TOKENS));
        unavailable("POST", "/auth/guest-login");
        int before = keycloak.requests().size();

        unavailable("POST", "/auth/guest-login");

        assertThat(keycloak.requests().stream().skip(before))
                .containsExactly(
                        "POST /admin/realms/jan/users",
                        "POST /realms/jan/protocol/openid-connect/token",
                        "POST /admin/realms/jan/users");
    }

    @Test
    void saysThatItIsNotConfigured() throws Exception {
        var socket = folder.resolve("none");
        try (var _ = serve(socket, Optional.empty());
                var other = new KongWorker(socket, Timeouts.of(Duration.ofSeconds(10)))) {
            for (var path :
                    List.of("guest-login", "refresh-token", "logout", "login", "callback")) {
                var answer = call(other, "GET", "/auth/" + path, "");
                assertThat(answer.status()).isEqualTo(503);
                assertThat(code(answer)).isEqualTo("not_configured");
            }
        }
    }

    private static void unavailable(String method, String path) throws Exception {
        var start = System.nanoTime();
        var answer = call(method, path, path.endsWith("callback") ? login() : "");

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BOUND);
        assertThat(answer.status()).isEqualTo(503);
        assertThat(code(answer)).isEqualTo("identity_provider_unavailable");
        assertThat(answer.headers()).containsEntry("Retry-After", List.of("2"));
        assertThat(new String(answer.body().toArray(), StandardCharsets.UTF_8))
                .doesNotContain("Keycloak", "trace", "127.0.0.1");
    }

    /** The query with which a browser comes back from a login that began here. */
    private static String login() throws Exception {
        var begun = json(call("GET", "/auth/login", ""));
        return "code=c&state=" + begun.path("state").asText();
    }

    private static EventOutcome.Exited call(String method, String path, String query)
            throws Exception {
        return call(worker, method, path, query);
    }

    private static EventOutcome.Exited call(
            KongWorker worker, String method, String path, String query) throws Exception {
        var cookie = "refresh_token=a.b.c; __Host-jan_login=" + "A".repeat(43);
        var request = GatewayRequest.with("Cookie", cookie).to(method, path, "").query(query);
        var config =
                Json.object()
                        .put("issuer", "https://login.example.com/realms/jan")
                        .put("public_url", "https://api.example.com")
                        .put("client_id", "llm-api")
                        .put("max_keys", 5)
                        .put("key_lifetime", 60)
                        .put("key_overlap", 60);
        config.putArray("resources").add("/mcp");
        var plugin =
                PluginEntity.global(
                        "00000000-0000-4000-8000-000000000001", "jan-identity", config, 1);
        var outcome = worker.run(plugin, Phase.ACCESS, request.host());
        assertThat(request.log).isEmpty();
        return (EventOutcome.Exited) outcome;
    }

    private static String code(EventOutcome.Exited answer) throws Exception {
        return json(answer).at("/error/code").asText();
    }

    private static JsonNode json(EventOutcome.Exited answer) throws Exception {
        return Json.parse(answer.body().toArray());
    }
}
