// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How sessions go on and end, with the real Keycloak; and what its service account may not do. */
@ExtendWith(SharedStack.class)
class SessionsIT {
    private static final String USER = "eva-" + Long.toString(System.nanoTime(), 36);
    private static final String PASSWORD = "correct horse battery";
    private static final String GUESTS = "6a616e00-0000-4000-8000-00000000000a";
    private static final String USERS = "6a616e00-0000-4000-8000-00000000000b";

    private static TestingStack stack;
    private static Gateway gateway;
    private static TestingKeycloak keycloak;

    private String access;
    private String refresh;

    @BeforeAll
    static void start(SharedStack.Running running) throws Exception {
        stack = running.stack();
        gateway = new Gateway(stack.gateway());
        keycloak = new TestingKeycloak(stack.described());
        keycloak.createUser(USER, PASSWORD);
    }

    @BeforeEach
    void logIn() throws Exception {
        var tokens = keycloak.tokens(USER, PASSWORD);
        access = tokens.path("access_token").asText();
        refresh = tokens.path("refresh_token").asText();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, body, /auth/refresh-token",
        "POST, body, /llm/auth/refresh-token",
        "GET, cookie, /llm/auth/refresh-token",
        "POST, cookie, /auth/refresh-token",
        "GET, header, /auth/refresh-token",
        "POST, header, /auth/refresh-token"
    })
    void answersNewTokensForARefreshToken(String method, String place, String path)
            throws Exception {
        var reply = sent(method, place, path);

        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
        assertThat(reply.cookie("refresh_token")).contains("HttpOnly", "Secure", "SameSite=Strict");
        assertThat(status(reply.body().path("access_token").asText())).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | 400 | refresh_token_required",
                "{} | 400 | refresh_token_required",
                "{\"refresh_token\":null} | 400 | refresh_token_required",
                "{\"refresh_token\":7} | 400 | null",
                "{\"refresh_token\":\"\"} | 400 | null",
                "[] | 400 | null",
                "{\"refresh_token\":\"no.such.token\"} | 401 | invalid_refresh_token",
                "{\"refresh_token\":\"x' OR 1=1\",\"other\":[]} | 401 | invalid_refresh_token",
            })
    void saysWhatIsWrongWithARefresh(String body, int status, String code) throws Exception {
        var error = gateway.post("/auth/refresh-token", body).isOpenAiError(status).body();

        assertThat(error.at("/error/code").asText()).isEqualTo(code);
    }

    @Test
    void takesNoAccessTokenAndNoApiKeyForARefreshToken() throws Exception {
        for (var token : new String[] {access, stack.apiKey()}) {
            gateway.post("/auth/refresh-token", "", "Authorization", "Bearer " + token)
                    .isOpenAiError(401);
        }
    }

    @ParameterizedTest
    @CsvSource({"POST, body", "GET, cookie", "POST, header", "GET, access", "POST, access"})
    void endsTheSessionAndItsTokens(String method, String place) throws Exception {
        assertThat(status(access)).isEqualTo(200);

        var reply = sent(method, place, "/auth/logout");

        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
        assertThat(reply.body().path("status").asText()).isEqualTo("logged out");
        assertThat(reply.cookie("refresh_token"))
                .startsWith("refresh_token=;")
                .contains("Max-Age=0", "HttpOnly", "Secure", "SameSite=Strict");
        var deadline = System.nanoTime() + 1_000_000_000L;
        while (status(access) == 200) {
            assertThat(System.nanoTime()).isLessThan(deadline);
        }
        assertThat(sent("POST", "body", "/auth/refresh-token").status()).isEqualTo(401);
    }

    @Test
    void leavesOtherSessionsOfTheUser() throws Exception {
        var other = keycloak.accessToken(USER, PASSWORD);
        sent("POST", "body", "/auth/logout");

        assertThat(status(other)).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer", "Bearer x", "Bearer a.b.c", "Basic eDp5"})
    void logsOutWhoIsNotLoggedIn(String authorization) throws Exception {
        var reply =
                authorization.isEmpty()
                        ? gateway.get("/llm/auth/logout")
                        : gateway.get("/auth/logout", "Authorization", authorization);

        assertThat(reply.status()).isEqualTo(200);
    }

    @Test
    void endsNoSessionByATokenThatWasTamperedWith() throws Exception {
        for (var token : new String[] {access, refresh}) {
            int end = token.lastIndexOf('.');
            var forged = token.substring(0, end + 1) + "A".repeat(token.length() - end - 1);
            gateway.post("/auth/logout", "", "Authorization", "Bearer " + forged);
        }

        assertThat(status(access)).isEqualTo(200);
    }

    @Test
    void logsOutTwice() throws Exception {
        sent("POST", "body", "/auth/logout");

        assertThat(sent("POST", "body", "/auth/logout").status()).isEqualTo(200);
        assertThat(sent("POST", "access", "/auth/logout").status()).isEqualTo(200);
    }

    @Test
    void hasAServiceAccountThatReachesNoUser() throws Exception {
        var token = keycloak.serviceToken(stack.secrets().get("keycloak_client_secret"));
        var user = "/users/" + keycloak.user(USER).path("id").asText();
        var password = Json.object().put("type", "password").put("value", "a new password for her");
        var created = Json.object().put("username", "made-by-backend").put("enabled", true);

        assertRefused(token, "PUT", user, Json.object().put("enabled", false));
        assertRefused(token, "DELETE", user, Json.object());
        assertRefused(token, "PUT", user + "/reset-password", password);
        assertRefused(token, "PUT", user + "/groups/" + GUESTS, Json.object());
        assertRefused(token, "DELETE", user + "/groups/" + USERS, Json.object());
        assertRefused(token, "POST", user + "/logout", Json.object());
        assertRefused(token, "POST", user + "/role-mappings/realm", Json.array());
        assertRefused(token, "POST", "/users", created);
        created.putArray("groups").add("/users");
        assertRefused(token, "POST", "/users", created);
        assertRefused(token, "GET", "/clients", Json.object());
        assertRefused(token, "PUT", "", Json.object().put("enabled", false));
        assertThat(status(access)).isEqualTo(200);
    }

    private static void assertRefused(String token, String method, String path, JsonNode body)
            throws Exception {
        assertThat(keycloak.admin(token, method, path, body).statusCode())
                .as(method + " " + path)
                .isEqualTo(403);
    }

    private static int status(String accessToken) throws Exception {
        return gateway.get("/auth/me", "Authorization", "Bearer " + accessToken).status();
    }

    private Gateway.Reply sent(String method, String place, String path) throws Exception {
        return switch (place) {
            case "body" ->
                    gateway.send(
                            method, path, Json.text(Json.object().put("refresh_token", refresh)));
            case "cookie" ->
                    gateway.send(method, path, "", "Cookie", "a=b; refresh_token=" + refresh);
            case "header" -> gateway.send(method, path, "", "Authorization", "Bearer " + refresh);
            default -> gateway.send(method, path, "", "Authorization", "Bearer " + access);
        };
    }
}
