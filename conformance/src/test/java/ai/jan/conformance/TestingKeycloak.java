// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What an operator does in Keycloak's admin console, and a user at its token endpoint. */
final class TestingKeycloak {
    private static final Pattern ACTION =
            Pattern.compile("http://[^\\s\"<>]*/login-actions/action-token\\?[^\\s\"<>]*");
    private static final Pattern PROCEED =
            Pattern.compile("href=\"([^\"]*/login-actions/action-token\\?[^\"]*)\"");
    private static final Pattern FORM = Pattern.compile("action=\"([^\"]+)\"");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newHttpClient();
    private final String url;
    private final String admin;
    private final String password;

    TestingKeycloak(JsonNode stack) {
        this.url = stack.path("keycloak_url").asText();
        this.admin = stack.path("keycloak_admin").asText();
        this.password = stack.path("keycloak_admin_password").asText();
    }

    /** Makes a user with no more than a name, an e-mail address and a password. */
    void createUser(String username, String secret) throws IOException, InterruptedException {
        var user =
                Json.object()
                        .put("username", username)
                        .put("email", username + "@example.org")
                        .put("enabled", true);
        user.putArray("credentials")
                .addObject()
                .put("type", "password")
                .put("value", secret)
                .put("temporary", false);
        var answer = admin("POST", "/users", user);
        if (answer.statusCode() != 201) {
            throw new IllegalStateException(
                    "creating a user: " + answer.statusCode() + " " + answer.body());
        }
    }

    /** A request to the Admin REST API of the realm {@code jan}, by its administrator. */
    HttpResponse<String> admin(String method, String path, JsonNode body)
            throws IOException, InterruptedException {
        return admin(token("master", "admin-cli", admin, password), method, path, body);
    }

    /** The same by whoever holds this token. */
    HttpResponse<String> admin(String token, String method, String path, JsonNode body)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(url + "/admin/realms/jan" + path))
                        .timeout(PATIENCE)
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body)))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** What is known of a user, also if he is known by his e-mail address only. */
    JsonNode user(String search) throws IOException, InterruptedException {
        return Json.parse(
                        admin("GET", "/users?max=2&search=" + encoded(search), Json.object())
                                .body())
                .path(0);
    }

    /** The key that signs the realm's access tokens. */
    JsonNode publishedKey() throws IOException, InterruptedException {
        var answer =
                http.send(
                        HttpRequest.newBuilder(
                                        URI.create(
                                                url + "/realms/jan/protocol/openid-connect/certs"))
                                .timeout(PATIENCE)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        for (var key : Json.parse(answer.body()).path("keys")) {
            if (key.path("use").asText().equals("sig")) {
                return key;
            }
        }
        throw new IllegalStateException("no key for signatures: " + answer.body());
    }

    /** The token of the plugin server's service account. */
    String serviceToken(String secret) throws IOException, InterruptedException {
        return token(
                "jan",
                Map.of(
                        "grant_type",
                        "client_credentials",
                        "client_id",
                        "backend",
                        "client_secret",
                        secret));
    }

    /** An access token of the realm {@code jan} by password grant. */
    String accessToken(String username, String secret) throws IOException, InterruptedException {
        return token("jan", "llm-api", username, secret);
    }

    /** Tokens of the realm {@code jan} by password grant. */
    JsonNode tokens(String username, String secret) throws IOException, InterruptedException {
        return tokens("jan", byPassword("llm-api", username, secret));
    }

    private String token(String realm, String client, String username, String secret)
            throws IOException, InterruptedException {
        return token(realm, byPassword(client, username, secret));
    }

    private static Map<String, String> byPassword(String client, String username, String secret) {
        Canaries.remember("password", secret);
        return Map.of(
                "grant_type",
                "password",
                "client_id",
                client,
                "username",
                username,
                "password",
                secret);
    }

    /**
     * Fills in the login page as a person does.
     *
     * @return where the browser is sent then
     */
    URI logIn(URI page, String username, String secret) throws IOException, InterruptedException {
        var shown =
                http.send(
                        HttpRequest.newBuilder(page).timeout(PATIENCE).build(),
                        HttpResponse.BodyHandlers.ofString());
        var form = FORM.matcher(shown.body());
        if (!form.find()) {
            throw new IllegalStateException("no login page: " + shown.statusCode());
        }
        var cookies =
                shown.headers().allValues("Set-Cookie").stream()
                        .map(cookie -> cookie.split(";")[0])
                        .collect(Collectors.joining("; "));
        var answer =
                http.send(
                        HttpRequest.newBuilder(URI.create(form.group(1).replace("&amp;", "&")))
                                .timeout(PATIENCE)
                                .header("Cookie", cookies)
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                encoded(
                                                        Map.of(
                                                                "username",
                                                                username,
                                                                "password",
                                                                secret))))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        return URI.create(answer.headers().firstValue("Location").orElseThrow());
    }

    private String token(String realm, Map<String, String> form)
            throws IOException, InterruptedException {
        return tokens(realm, form).path("access_token").asText();
    }

    private JsonNode tokens(String realm, Map<String, String> form)
            throws IOException, InterruptedException {
        var answer =
                http.send(
                        HttpRequest.newBuilder(
                                        URI.create(
                                                url
                                                        + "/realms/"
                                                        + realm
                                                        + "/protocol/openid-connect/token"))
                                .timeout(PATIENCE)
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(HttpRequest.BodyPublishers.ofString(encoded(form)))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(
                    "no token: " + answer.statusCode() + " " + answer.body());
        }
        var tokens = Json.parse(answer.body());
        Canaries.remember("access token", tokens.path("access_token").asText());
        Canaries.remember("refresh token", tokens.path("refresh_token").asText());
        return tokens;
    }

    private static String encoded(Map<String, String> form) {
        return form.entrySet().stream()
                .map(field -> field.getKey() + "=" + encoded(field.getValue()))
                .collect(Collectors.joining("&"));
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Lets the realm send mails to a server on this machine. */
    void sendMailsTo(int port) throws IOException, InterruptedException {
        mailServer(
                Json.object()
                        .put("host", "127.0.0.1")
                        .put("port", String.valueOf(port))
                        .put("from", "jan@example.org"));
    }

    void sendNoMails() throws IOException, InterruptedException {
        mailServer(Json.object());
    }

    private void mailServer(JsonNode server) throws IOException, InterruptedException {
        var realm = Json.object();
        realm.set("smtpServer", server);
        var answer = admin("PUT", "", realm);
        if (answer.statusCode() != 204) {
            throw new IllegalStateException("changing the realm: " + answer.statusCode());
        }
    }

    /** Does what a person does with a mail that asks for an action: opens the link, and goes on. */
    void followActionLink(String mail) throws IOException, InterruptedException {
        var link = ACTION.matcher(mail);
        if (!link.find()) {
            throw new IllegalStateException("no link in the mail");
        }
        var cookies = new HashMap<String, String>();
        var page = open(link.group(), cookies);
        var proceed = PROCEED.matcher(page);
        if (!proceed.find()) {
            throw new IllegalStateException("no link to go on: " + page);
        }
        open(proceed.group(1).replace("&amp;", "&"), cookies);
    }

    /** As a browser: with all cookies, of which Java keeps those back that want TLS. */
    private String open(String address, Map<String, String> cookies)
            throws IOException, InterruptedException {
        var url = URI.create(address);
        for (int hops = 0; hops < 5; hops++) {
            var sent =
                    cookies.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; "));
            var answer =
                    http.send(
                            HttpRequest.newBuilder(url)
                                    .timeout(PATIENCE)
                                    .header("Cookie", sent)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            for (var cookie : answer.headers().allValues("Set-Cookie")) {
                var pair = cookie.split(";")[0].split("=", 2);
                cookies.put(pair[0], pair[1]);
            }
            var location = answer.headers().firstValue("Location");
            if (location.isEmpty()) {
                return answer.body();
            }
            url = url.resolve(location.get());
        }
        throw new IllegalStateException("too many redirects from " + address);
    }
}
