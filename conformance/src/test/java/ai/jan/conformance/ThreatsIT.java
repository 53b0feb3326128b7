// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.StringReader;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/**
 * Rows of the threat model, through the gateway and the socket, with the real Keycloak and the real
 * PostgreSQL. T4 is {@link FailureMatrixIT}, T9 {@link SecretsIT}, more of T2 {@link AttacksIT}.
 */
@ExtendWith(SharedStack.class)
class ThreatsIT {
    private static final String PASSWORD = "correct horse battery staple";
    private static final Duration AT_ONCE = Duration.ofSeconds(8);

    private static TestingStack stack;
    private static Gateway gateway;
    private static TestingKeycloak keycloak;
    private static String ada;
    private static String bob;

    @BeforeAll
    static void start(SharedStack.Running running) throws Exception {
        stack = running.stack();
        gateway = new Gateway(stack.gateway());
        keycloak = new TestingKeycloak(stack.described());
        var run = Long.toString(System.nanoTime(), 36);
        keycloak.createUser("ada-" + run, PASSWORD);
        keycloak.createUser("bob-" + run, PASSWORD);
        ada = keycloak.accessToken("ada-" + run, PASSWORD);
        bob = keycloak.accessToken("bob-" + run, PASSWORD);
    }

    @Nested
    @DisplayName("T1 key lookup injection")
    class T1KeyLookupInjection {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "sk_live_' OR '1'='1",
                    "sk_live_';SELECT pg_sleep(20);--",
                    "sk_live_\" OR pg_sleep(20) IS NULL --",
                    "sk_live_%",
                    "sk_live_000000000000000000000000000000000000000000000000",
                    "sk_live_00000000000000000000000000000000000000000000000'",
                    "sk_live_\u00c0\u00a7\u00c0\u00a7",
                    "sk_live_\u00ff\u00fe",
                    "sk_live_{\"$ne\":null}",
                })
        void isRefusedInAnyHeader(String key) throws Exception {
            for (var header : List.of("Authorization: Bearer ", "X-API-Key: ", "apikey: ")) {
                var answer =
                        new RawRequest()
                                .text("GET /v1/models HTTP/1.1\r\nHost: x\r\nConnection: close\r\n")
                                .text(header + key + "\r\n\r\n")
                                .send(stack.gateway());
                assertThat(answer.isOneOpenAiError().statuses()).containsExactly(401);
            }
        }

        @Test
        void isRefusedAtAnyLength() throws Exception {
            var long8k = "sk_live_" + "a".repeat(7000);
            assertThat(gateway.get("/v1/models", "Authorization", "Bearer " + long8k).status())
                    .isIn(400, 401, 431);
            var answer = gateway.get("/v1/models", "X-API-Key", "sk_live_';SELECT pg_sleep(20);--");
            assertThat(answer.took()).isLessThan(AT_ONCE);
        }
    }

    @Nested
    @DisplayName("T2 identity from Host, path, forwarding headers")
    class T2ForwardingHeaders {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "Host: 127.0.0.1:8080",
                    "X-Forwarded-Host: localhost",
                    "X-Forwarded-Proto: https",
                    "X-Forwarded-Prefix: /healthz",
                    "X-Original-URL: /healthz",
                    "X-Rewrite-URL: /healthz",
                    "Forwarded: for=127.0.0.1;host=localhost"
                })
        void changeNeitherWhoIsCallingNorWhoAnswers(String header) throws Exception {
            var host = header.startsWith("Host:") ? "" : "Host: x\r\n";
            var request =
                    "GET /v1/models HTTP/1.1\r\n" + host + header + "\r\nConnection: close\r\n";
            var refused = new RawRequest().text(request + "\r\n").send(stack.gateway());
            assertThat(refused.isOneOpenAiError().statuses()).containsExactly(401);
            var key = "Authorization: Bearer " + stack.apiKey() + "\r\n\r\n";
            assertThat(new RawRequest().text(request + key).send(stack.gateway()).statuses())
                    .containsExactly(200);
        }
    }

    @Nested
    @DisplayName("T3 token cache collisions")
    class T3TokenCacheCollisions {
        @Test
        void tokensOfTheSameBeginningNeverShareAnIdentity() throws Exception {
            var subjects = new ArrayList<String>();
            for (var token : List.of(ada, bob, ada, bob)) {
                subjects.add(me(token).path("subject").asText());
            }
            assertThat(subjects.get(0)).isNotEqualTo(subjects.get(1)).isEqualTo(subjects.get(2));
            assertThat(subjects.get(1)).isEqualTo(subjects.get(3));

            var a = ada.split("\\.");
            var b = bob.split("\\.");
            for (var mixed :
                    List.of(
                            a[0] + "." + b[1] + "." + a[2],
                            a[0] + "." + a[1] + "." + b[2],
                            ada.substring(0, ada.length() - 4) + "AAAA",
                            ada + "A",
                            ada + "=")) {
                assertThat(status(mixed)).isEqualTo(401);
            }
        }
    }

    @Nested
    @DisplayName("T5 admin routes")
    class T5AdminRoutes {
        @ParameterizedTest
        @ValueSource(strings = {"/admin", "/services", "/routes", "/plugins", "/config", "/status"})
        void ofTheGatewayAreNotReachedThroughIt(String path) throws Exception {
            for (var credential : List.of(stack.apiKey(), ada)) {
                gateway.get(path, "Authorization", "Bearer " + credential).isOpenAiError(404);
            }
        }

        @Test
        @SuppressWarnings("unchecked")
        void everyRouteAsksWhoIsCallingOrIsMeantToBePublic() throws Exception {
            Map<String, Object> kong =
                    new Yaml().load(new StringReader(Files.readString(Path.of("..", "kong.yml"))));
            var routes = new ArrayList<>((List<Map<String, Object>>) kong.get("routes"));
            for (var service : (List<Map<String, Object>>) kong.get("services")) {
                routes.addAll((List<Map<String, Object>>) service.get("routes"));
            }
            assertThat(routes).hasSizeGreaterThan(4);
            assertThat(routes)
                    .allSatisfy(route -> {
                        var plugins =
                                (List<Map<String, Object>>)
                                        route.getOrDefault("plugins", List.of());
                        var asks = plugins.stream().anyMatch(p -> "jan-auth".equals(p.get("name")));
                        var isPublic = ((List<String>) route.get("tags")).contains("public");
                        assertThat(asks).as(route.get("name").toString()).isNotEqualTo(isPublic);
                    });
        }

        @Test
        void ofKeycloakAreNotForItsUsers() throws Exception {
            var answer = keycloak.admin(ada, "GET", "/users", Json.object());
            assertThat(answer.statusCode()).isEqualTo(403);
        }
    }

    @Nested
    @DisplayName("T6 secrets at rest")
    class T6SecretsAtRest {
        @Test
        void whatTheDatabaseHoldsLogsNobodyIn() throws Exception {
            var dump = new StringBuilder();
            var url = stack.described().path("database_url").asText();
            var password = stack.secrets().get("plugins_database_password");
            try (var connection = DriverManager.getConnection(url, "jan_plugins", password);
                    var statement = connection.createStatement();
                    var rows =
                            statement.executeQuery(
                                    "SELECT k::text, encode(key_hash, 'hex'), prefix, suffix"
                                            + " FROM identity.api_keys k")) {
                while (rows.next()) {
                    dump.append(rows.getString(1));
                    for (var guess :
                            List.of(
                                    rows.getString(2),
                                    "sk_live_" + rows.getString(2),
                                    "sk_live_" + rows.getString(2).substring(0, 48),
                                    rows.getString(3) + rows.getString(4))) {
                        assertThat(status(guess)).isEqualTo(401);
                    }
                }
            }
            assertThat(dump.toString()).isNotEmpty().doesNotContain(stack.apiKey().substring(12));
        }
    }

    @Nested
    @DisplayName("T13 header spoofing")
    class T13HeaderSpoofing {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "X-User-ID: %s",
                    "x_user_id: %s",
                    "X-USER-SUBJECT: %s",
                    "X-Consumer-ID: %s",
                    "x_consumer_custom_id: %s",
                    "X-Authenticated-Userid: %s",
                    "X-Credential-Identifier: %s",
                    "X-Jan-Identity: %s\r\nX-Jan-Identity: %s",
                    "x_jan_identity: %s",
                    "X-Jan-Reservation: %s",
                    "X-OpenWebUI-User-Id: %s",
                    "X-Auth-Method: apikey\r\nX-Principal-Id: %s"
                })
        void leavesTheCallerWhoHeIs(String header) throws Exception {
            var victim = me(bob).path("subject").asText();
            var own = me(ada).path("subject").asText();
            var request =
                    "GET /auth/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                            + header.replace("%s", victim)
                            + "\r\n";
            assertThat(new RawRequest().text(request + "\r\n").send(stack.gateway()).statuses())
                    .containsExactly(401);
            var answer =
                    new RawRequest()
                            .text(request + "Authorization: Bearer " + ada + "\r\n\r\n")
                            .send(stack.gateway());
            assertThat(answer.statuses()).containsExactly(200);
            assertThat(answer.toString()).contains(own).doesNotContain(victim);
        }
    }

    @Nested
    @DisplayName("T15 JWT abuse")
    class T15JwtAbuse {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{\"alg\":\"none\"}",
                    "{\"alg\":\"None\",\"kid\":\"KID\"}",
                    "{\"alg\":\"HS256\",\"kid\":\"KID\"}",
                    "{\"alg\":\"HS512\",\"kid\":\"KID\"}",
                    "{\"alg\":\"RS256\",\"kid\":\"KID\"}",
                    "{\"alg\":\"RS256\",\"kid\":\"../../../../dev/null\"}",
                    "{\"alg\":\"RS256\",\"kid\":\"' OR 1=1 --\"}",
                    "{\"alg\":\"RS256\",\"kid\":\"KID\",\"jku\":\"http://127.0.0.1:1/keys\"}",
                    "{\"alg\":\"RS256\",\"kid\":\"KID\",\"crit\":[\"exp\"]}",
                    "{\"alg\":\"RS256\"}",
                    "null",
                })
        void aForgedHeaderIsRefused(String header) throws Exception {
            var kid = Json.parse(decoded(ada.split("\\.")[0])).path("kid").asText();
            var start = encoded(header.replace("KID", kid)) + "." + ada.split("\\.")[1];
            var signatures =
                    List.of("", ada.split("\\.")[2], encoded("x"), signedWithPublicKey(start));
            for (var signature : signatures) {
                var answer = gateway.get("/auth/me", bearer(start + "." + signature));
                assertThat(answer.status()).as(answer.body().toString()).isEqualTo(401);
                assertThat(answer.took()).isLessThan(AT_ONCE);
            }
        }

        @Test
        void aHugeKeyIdIsRefused() throws Exception {
            var header = "{\"alg\":\"RS256\",\"kid\":\"" + "k".repeat(3000) + "\"}";
            assertThat(status(encoded(header) + ada.substring(ada.indexOf('.')))).isEqualTo(401);
        }

        @Test
        void aTokenOfAnotherRealmOrForAnotherPurposeIsRefused() throws Exception {
            var secret = stack.secrets().get("keycloak_client_secret");
            assertThat(status(keycloak.serviceToken(secret))).as("wrong audience").isEqualTo(401);
            var tokens = keycloak.tokens(user(), PASSWORD);
            assertThat(status(tokens.path("refresh_token").asText())).isEqualTo(401);
            assertThat(status(tokens.path("access_token").asText())).isEqualTo(200);
        }

        private String user() throws Exception {
            return Json.parse(decoded(ada.split("\\.")[1])).path("preferred_username").asText();
        }

        /** As if the public key were a shared secret. */
        private String signedWithPublicKey(String text) throws Exception {
            var modulus = new BigInteger(1, decoded(keycloak.publishedKey().path("n").asText()));
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(modulus.toByteArray(), "HmacSHA256"));
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(text.getBytes(ISO_8859_1)));
        }
    }

    private static JsonNode me(String token) throws Exception {
        return gateway.get("/auth/me", bearer(token)).body();
    }

    private static int status(String credential) throws Exception {
        return gateway.get("/v1/models", bearer(credential)).status();
    }

    private static String[] bearer(String credential) {
        return new String[] {"Authorization", "Bearer " + credential};
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
    }

    private static byte[] decoded(String part) {
        return Base64.getUrlDecoder().decode(part);
    }
}
