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
import java.util.Map;
import java.util.stream.Collectors;

/** What an operator does in Keycloak's admin console, and a user at its token endpoint. */
final class TestingKeycloak {
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
        var answer =
                http.send(
                        HttpRequest.newBuilder(URI.create(url + "/admin/realms/jan/users"))
                                .timeout(PATIENCE)
                                .header(
                                        "Authorization",
                                        "Bearer " + token("master", "admin-cli", admin, password))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(user)))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 201) {
            throw new IllegalStateException(
                    "creating a user: " + answer.statusCode() + " " + answer.body());
        }
    }

    /** An access token of the realm {@code jan} by password grant. */
    String accessToken(String username, String secret) throws IOException, InterruptedException {
        return token("jan", "llm-api", username, secret);
    }

    private String token(String realm, String client, String username, String secret)
            throws IOException, InterruptedException {
        var form =
                Map.of(
                        "grant_type",
                        "password",
                        "client_id",
                        client,
                        "username",
                        username,
                        "password",
                        secret);
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
                    "no token for " + username + ": " + answer.statusCode() + " " + answer.body());
        }
        return Json.parse(answer.body()).path("access_token").asText();
    }

    private static String encoded(Map<String, String> form) {
        return form.entrySet().stream()
                .map(field ->
                        field.getKey()
                                + "="
                                + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }
}
