// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.database.TestingDatabase;
import ai.jan.kit.identity.Identity;
import ai.jan.kit.identity.IdentityKey;
import ai.jan.kit.identity.IdentitySigner;
import ai.jan.kit.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AuthenticationIT {
    private static final Map<String, String> ROUTES =
            Map.of(
                    "/v1/models", "GET",
                    "/v1/models/a/b", "GET",
                    "/v1/chat/completions", "POST",
                    "/v1/conversations", "POST",
                    "/v1/conversations?limit=1", "GET",
                    "/v1/conversations/conv_1", "DELETE",
                    "/v1/conversations/conv_2", "POST",
                    "/v1/conversations/conv_3/items", "POST",
                    "/v1/conversations/conv_4/items", "GET",
                    "/v1/conversations/conv_5/items/msg_1", "DELETE");

    private static TestingDatabase storage;
    private static TestingLlmApi api;

    @BeforeAll
    static void start() throws IOException {
        storage = TestingDatabase.migrated();
        api =
                TestingLlmApi.start(
                        storage, TestingLlmApi.backend("one", URI.create("http://127.0.0.1:9/v1")));
    }

    @AfterAll
    static void stop() {
        api.close();
        storage.close();
    }

    @Test
    void refusesEveryRouteWithoutAnIdentity() throws Exception {
        for (var route : ROUTES.entrySet()) {
            assertRefused(send(route.getValue(), route.getKey()));
        }
    }

    @Test
    void acceptsNothingElseThatSaysWhoIsCalling() throws Exception {
        assertRefused(
                get(
                        "Authorization",
                        "Bearer sk_live_" + "0".repeat(48),
                        "X-User-ID",
                        "alice",
                        "X-Principal-Id",
                        "alice",
                        "X-Consumer-ID",
                        "alice"));
    }

    @Test
    void refusesAForgedIdentity() throws Exception {
        var other = IdentityKey.of("x".repeat(32));
        assertRefused(get(Identity.HEADER, signed("llm-api-lite", other, Clock.systemUTC())));
        assertRefused(get(Identity.HEADER, "not.a.jws"));
        assertRefused(get(Identity.HEADER, "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9."));
        var genuine = signed("llm-api-lite", TestingLlmApi.KEY, Clock.systemUTC());
        assertRefused(get(Identity.HEADER, genuine.substring(0, genuine.length() - 2) + "AA"));
    }

    @Test
    void refusesAnIdentityMeantForAnotherService() throws Exception {
        assertRefused(
                get(Identity.HEADER, signed("mcp-tools", TestingLlmApi.KEY, Clock.systemUTC())));
    }

    @Test
    void refusesAnIdentityThatIsTooOldOrFromTheFuture() throws Exception {
        for (var shift : new Duration[] {Duration.ofMinutes(-2), Duration.ofMinutes(2)}) {
            var clock = Clock.offset(Clock.systemUTC(), shift);
            assertRefused(get(Identity.HEADER, signed("llm-api-lite", TestingLlmApi.KEY, clock)));
        }
    }

    @Test
    void refusesTwoIdentities() throws Exception {
        var genuine = signed("llm-api-lite", TestingLlmApi.KEY, Clock.systemUTC());
        assertRefused(get(Identity.HEADER, genuine, Identity.HEADER, genuine));
    }

    @Test
    void acceptsTheCurrentAndThePreviousKey() throws Exception {
        for (var key : new IdentityKey[] {TestingLlmApi.KEY, TestingLlmApi.PREVIOUS}) {
            var reply = get(Identity.HEADER, signed("llm-api-lite", key, Clock.systemUTC()));
            assertThat(reply.statusCode()).isEqualTo(200);
            assertThat(reply.headers().firstValue("X-Request-Id")).contains("req-of-alice");
        }
    }

    private static String signed(String audience, IdentityKey key, Clock clock) {
        return new IdentitySigner(audience, key, clock).sign(TestingLlmApi.identity("alice"));
    }

    private static void assertRefused(HttpResponse<String> reply) throws IOException {
        assertThat(reply.statusCode()).as(reply.request().toString()).isEqualTo(401);
        var error = Json.parse(reply.body()).path("error");
        assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
        assertThat(error.fieldNames())
                .toIterable()
                .containsExactly("message", "type", "param", "code");
    }

    private static HttpResponse<String> get(String... headers) throws Exception {
        return send("GET", "/v1/models", headers);
    }

    private static HttpResponse<String> send(String method, String path, String... headers)
            throws Exception {
        var request =
                HttpRequest.newBuilder(api.uri().resolve(path))
                        .method(method, BodyPublishers.ofString("{}"));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
    }
}
