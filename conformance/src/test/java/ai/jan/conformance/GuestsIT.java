// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kit.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Guests, from their first request until they are users or gone; with the real Keycloak. */
@ExtendWith(SharedStack.class)
class GuestsIT {
    private static final String PASSWORD = "correct horse battery";

    private static TestingStack stack;
    private static Gateway gateway;
    private static TestingKeycloak keycloak;
    private static final List<String> CANARIES = new ArrayList<>(List.of(PASSWORD));

    /** Somebody who has just come in. */
    private record Guest(String subject, String username, String access, String refresh) {
        String[] credential() {
            return new String[] {"Authorization", "Bearer " + access};
        }
    }

    @BeforeAll
    static void start(SharedStack.Running running) throws Exception {
        stack = running.stack();
        gateway = new Gateway(stack.gateway());
        keycloak = new TestingKeycloak(stack.described());
    }

    @AfterAll
    static void leavesNoTokenAndNoPasswordInAnyLog() throws Exception {
        assertThat(stack.output()).doesNotContain(CANARIES);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"/auth/guest-login | ''", "/llm/auth/guest-login | {\"device\":\"phone\"}"})
    void letsSomebodyInWithoutAName(String path, String body) throws Exception {
        var reply = gateway.post(path, body);

        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(201);
        assertThat(reply.body().path("username").asText()).startsWith("guest-");
        assertThat(reply.body().path("principal_id")).isEqualTo(reply.body().path("user_id"));
        assertThat(reply.body().path("token_type").asText()).isEqualTo("Bearer");
        assertThat(reply.body().path("expires_in").asInt())
                .as(
                        "fifteen minutes, counted by Keycloak in whole seconds since the token was made")
                .isBetween(890, 900);
        assertThat(Instant.parse(reply.body().path("expires_at").asText()))
                .isBetween(Instant.now().plusSeconds(800), Instant.now().plusSeconds(901));
        assertThat(reply.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(reply.cookie("refresh_token"))
                .startsWith("refresh_token=" + reply.body().path("refresh_token").asText() + ";")
                .contains("HttpOnly", "Secure", "SameSite=Strict", "Path=/", "Max-Age=28800");

        var me = gateway.get("/auth/me", guest(reply).credential()).body();
        assertThat(me.path("subject")).isEqualTo(reply.body().path("user_id"));
        assertThat(me.path("plan").asText()).isEqualTo("guest");
        assertThat(me.path("roles")).extracting(role -> role.asText()).contains("guest");
        assertThat(me.path("roles")).extracting(role -> role.asText()).doesNotContain("user");
        assertThat(me.has("team")).isFalse();
    }

    @Test
    void makesAGuestAUserWhoKeepsEverything() throws Exception {
        var guest = guest();
        var key = gateway.post("/auth/api-keys", "{\"name\":\"mine\"}", guest.credential());
        var conversation =
                gateway.post("/v1/conversations", "{}", guest.credential())
                        .body()
                        .path("id")
                        .asText();
        var email = guest.username() + "@example.org";

        var upgraded = upgrade(guest, email, "\"full_name\":\"Ada L\",\"password\":\"%s\"");
        assertThat(upgraded.status()).as(upgraded.body().toString()).isEqualTo(200);
        assertThat(upgraded.body().path("status").asText()).isEqualTo("upgraded");
        assertThat(upgraded.body().path("subject").asText()).isEqualTo(guest.subject());
        assertThat(upgraded.body().path("password_set").asBoolean()).isTrue();
        assertThat(upgraded.body().path("verification_mail_sent").asBoolean(true)).isFalse();
        gateway.get("/auth/me", guest.credential()).isOpenAiError(401);

        var user = refreshed(guest);
        var me = gateway.get("/auth/me", user.credential()).body();
        assertThat(me.path("subject").asText()).isEqualTo(guest.subject());
        assertThat(me.path("plan").asText()).isEqualTo("user");
        assertThat(me.path("roles")).extracting(role -> role.asText()).doesNotContain("guest");
        assertThat(gateway.get("/v1/conversations/" + conversation, user.credential()).status())
                .isEqualTo(200);
        assertThat(
                        gateway.get("/auth/me", "X-API-Key", key.body().path("key").asText())
                                .body()
                                .path("subject")
                                .asText())
                .isEqualTo(guest.subject());
        assertThat(keycloak.accessToken(email, PASSWORD)).isNotBlank();
        var account = keycloak.user(email);
        assertThat(account.path("emailVerified").asBoolean(true)).isFalse();
        assertThat(account.path("firstName").asText()).isEqualTo("Ada L");
        assertThat(upgrade(user, email, "").isOpenAiError(409).code()).isEqualTo("not_a_guest");
    }

    @Test
    void asksClientsOfTheFirstServerForNothingNew() throws Exception {
        var guest = guest();
        var upgraded =
                gateway.post(
                        "/llm/auth/upgrade",
                        "{\"username\":\"ada\",\"email\":\"%s@example.org\",\"full_name\":\"Ada\"}"
                                .formatted(guest.username()),
                        guest.credential());

        assertThat(upgraded.status()).as(upgraded.body().toString()).isEqualTo(200);
        assertThat(upgraded.body().path("password_set").asBoolean(true)).isFalse();
        assertThat(gateway.get("/auth/me", refreshed(guest).credential()).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | email | null",
                "{\"email\":7} | email | null",
                "{\"email\":\"nobody\"} | email | invalid_email",
                "{\"email\":\"a\\u0000@example.org\"} | email | null",
                "{\"email\":\"a@example.org\",\"password\":\"short\"} | password | invalid_password",
                "{\"email\":\"a@example.org\",\"password\":true} | password | null",
                "{\"email\":\"a@example.org\",\"full_name\":\"<b>\"} | full_name | invalid_full_name",
                "{\"email\":\"a@example.org\",\"full_name\":[]} | full_name | null",
                "[] | null | null",
            })
    void saysWhatIsWrongWithAnUpgrade(String body, String param, String code) throws Exception {
        var error =
                gateway.post("/auth/upgrade", body, guest().credential())
                        .isOpenAiError(400)
                        .body()
                        .path("error");

        assertThat(error.path("param").asText()).isEqualTo(param);
        assertThat(error.path("code").asText()).isEqualTo(code);
    }

    @Test
    void givesNobodyTheAddressOfAnother() throws Exception {
        var name = "taken-" + Long.toString(System.nanoTime(), 36);
        keycloak.createUser(name, PASSWORD);
        var guest = guest();

        var refused = upgrade(guest, name + "@example.org", "").isOpenAiError(409);

        assertThat(refused.code()).isEqualTo("email_taken");
        assertThat(gateway.get("/auth/me", guest.credential()).status())
                .as("still a guest")
                .isEqualTo(200);
    }

    @Test
    void upgradesNobodyByAnApiKey() throws Exception {
        gateway.post("/auth/upgrade", "{\"email\":\"a@example.org\"}").isOpenAiError(401);
        gateway.post(
                        "/auth/upgrade",
                        "{\"email\":\"a@example.org\"}",
                        "Authorization",
                        "Bearer " + stack.apiKey())
                .isOpenAiError(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"not json", "{\"a\":", "\"text\""})
    void passesOverTheBodyOfAGuestLogin(String body) throws Exception {
        assertThat(gateway.post("/auth/guest-login", body).status()).isEqualTo(201);
    }

    @Test
    void removesGuestsWhoseTimeIsOver() throws Exception {
        var old = "guest-" + Long.toString(System.nanoTime(), 36);
        var user =
                Json.object()
                        .put("username", old)
                        .put("enabled", true)
                        .put(
                                "createdTimestamp",
                                Instant.now().minus(Duration.ofDays(8)).toEpochMilli());
        user.putArray("groups").add("/guests");
        var users = Json.object();
        users.putArray("users").add(user);
        assertThat(keycloak.admin("POST", "/partialImport", users).statusCode()).isEqualTo(200);
        var young = guest();

        // Looks for them soon after its start.
        var plugins = stack.part("kong-plugins");
        plugins.destroyForcibly();
        stack.awaitReplacementOf("kong-plugins", plugins.pid());
        var deadline = Instant.now().plusSeconds(60);
        while (!stack.logs().contains("1 expired guests removed, 0 could not be")) {
            assertThat(Instant.now()).isBefore(deadline);
            Thread.sleep(250);
        }
        assertThat(keycloak.user(old).isMissingNode()).isTrue();
        assertThat(keycloak.user(young.username()).isMissingNode()).isFalse();
    }

    @Test
    void hasKeycloakVerifyTheAddressByMail() throws Exception {
        try (var mails = new TestingMailServer()) {
            keycloak.sendMailsTo(mails.port());
            var guest = guest();
            var email = guest.username() + "@example.org";

            var upgraded = upgrade(guest, email, "\"password\":\"%s\"");

            assertThat(upgraded.status()).isEqualTo(200);
            assertThat(upgraded.body().path("email_verified").asBoolean(true)).isFalse();
            assertThat(keycloak.accessToken(email, PASSWORD)).as("before").isNotBlank();
            var mail = mails.next();
            assertThat(mail).contains("To: " + email);
            keycloak.followActionLink(mail);
            assertThat(keycloak.user(email).path("emailVerified").asBoolean()).isTrue();
            assertThat(keycloak.accessToken(email, PASSWORD)).as("after").isNotBlank();
        } finally {
            keycloak.sendNoMails();
        }
    }

    private static Gateway.Reply upgrade(Guest guest, String email, String more) throws Exception {
        var body =
                "{\"username\":\"ada\",\"email\":\"%s\"%s}"
                        .formatted(email, more.isEmpty() ? "" : "," + more.formatted(PASSWORD));
        return gateway.post("/auth/upgrade", body, guest.credential());
    }

    private static Guest guest() throws Exception {
        return guest(gateway.post("/auth/guest-login", ""));
    }

    private static Guest guest(Gateway.Reply reply) {
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(201);
        var body = reply.body();
        return remembered(
                new Guest(
                        body.path("user_id").asText(),
                        body.path("username").asText(),
                        body.path("access_token").asText(),
                        body.path("refresh_token").asText()));
    }

    private static Guest refreshed(Guest guest) throws Exception {
        var reply =
                gateway.post(
                        "/auth/refresh-token",
                        Json.text(Json.object().put("refresh_token", guest.refresh())));
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
        return remembered(
                new Guest(
                        guest.subject(),
                        guest.username(),
                        reply.body().path("access_token").asText(),
                        reply.body().path("refresh_token").asText()));
    }

    private static Guest remembered(Guest guest) {
        CANARIES.add(guest.access());
        CANARIES.add(guest.refresh());
        return guest;
    }
}
