// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm;

import static ai.jan.llm.TestingModelServer.chunk;
import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.database.Database;
import ai.jan.database.LoginRole;
import ai.jan.database.TestingDatabase;
import ai.jan.kit.identity.Identity;
import ai.jan.kit.identity.IdentitySigner;
import ai.jan.kit.json.Json;
import ai.jan.llm.identity.IdentityGate;
import ai.jan.quota.Amount;
import ai.jan.quota.Ledger;
import ai.jan.quota.Limit;
import ai.jan.quota.Price;
import ai.jan.quota.Reservation;
import ai.jan.quota.ReservationSigner;
import ai.jan.quota.Spender;
import ai.jan.quota.Unit;
import ai.jan.quota.Usage;
import ai.jan.quota.Verdict;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of the gateway's reservation. */
@Timeout(60)
class QuotaIT {
    private static final Duration MONTH = Duration.ofDays(30);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static TestingDatabase storage;
    private static Database database;
    private static Database gateway;
    private TestingModelServer model;
    private TestingLlmApi api;

    private final String user = UUID.randomUUID().toString();
    private final String requestId = UUID.randomUUID().toString();
    private final Limit tokens = Limit.of(Unit.TOKENS, 1000, MONTH, "user", user);
    private final Limit slots = Limit.of(Unit.SLOTS, 1, Duration.ZERO, "user", user);

    @BeforeAll
    static void startStorage() {
        storage = TestingDatabase.migrated();
        database = storage.open(LoginRole.LLM_API);
        gateway = storage.open(LoginRole.PLUGINS);
    }

    @AfterAll
    static void stopStorage() {
        gateway.close();
        database.close();
        storage.close();
    }

    @BeforeEach
    void start() throws Exception {
        model = new TestingModelServer();
        api = TestingLlmApi.start(storage, TestingLlmApi.backend("one", model.url()));
    }

    @AfterEach
    void stop() {
        api.close();
        model.close();
    }

    @Test
    void settlesWithTheUsageOfTheModelServer() throws Exception {
        assertThat(chat("hello", "", reserved(100, 500)).statusCode()).isEqualTo(200);

        assertThat(settled()).isEqualTo(new Usage(today(), "m", 1, 1, 2, 0));
        assertThat(remaining(tokens)).isEqualTo(997);
        assertThat(remaining(slots)).isEqualTo(1);
    }

    @Test
    void settlesAStreamWithItsLastChunk() throws Exception {
        model.next(answering ->
                answering.stream().content("Good").raw("data: " + withUsage(7, 9) + "\n\n").done());

        chat("hello", ",\"stream\":true", reserved(100, 500));

        assertThat(settled()).isEqualTo(new Usage(today(), "m", 1, 7, 9, 0));
    }

    @Test
    void aStreamThatBreaksIsChargedForWhatItProduced() throws Exception {
        model.next(answering -> {
            answering.stream().content("Good").content(" day");
            answering.cut();
        });

        chat("hello", ",\"stream\":true", reserved(100, 500));

        assertThat(settled()).isEqualTo(new Usage(today(), "m", 1, 100, 2, 0));
    }

    @Test
    void aClientThatLeavesIsChargedForWhatWasProduced() throws Exception {
        model.next(answering -> {
            answering.stream().content("Good");
            for (int i = 0; i < 10_000; i++) {
                answering.raw(": waiting\n\n");
                Thread.sleep(10);
            }
        });
        var reservation = reserved(100, 500);
        try (var client = new Socket("127.0.0.1", api.port())) {
            var body = TestingLlmApi.chatBody("hello", ",\"stream\":true");
            client.getOutputStream()
                    .write(
                            "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n%s: %s\r\n%s: %s\r\n\r\n%s"
                                    .formatted(
                                            body.length(),
                                            Identity.HEADER,
                                            identity(),
                                            Reservation.HEADER,
                                            signed(reservation),
                                            body)
                                    .getBytes(StandardCharsets.UTF_8));
            RawChat.readUntil(client, "Good");
        }

        assertThat(settled()).isEqualTo(new Usage(today(), "m", 1, 100, 1, 0));
    }

    @Test
    void aRequestThatAsksNoModelCostsNoTokens() throws Exception {
        var reply = chat("hello", ",\"temperature\":9", reserved(100, 500));

        assertThat(reply.statusCode()).isEqualTo(400);
        assertThat(settled()).isEqualTo(new Usage(today(), "m", 1, 0, 0, 0));
        assertThat(remaining(tokens)).isEqualTo(1000);
    }

    @Test
    void aModelServerThatFailsCostsNoTokens() throws Exception {
        model.next(answering -> answering.json(400, "{\"error\":{\"message\":\"no\"}}"));

        assertThat(chat("hello", "", reserved(100, 500)).statusCode()).isEqualTo(400);

        assertThat(settled().promptTokens()).isZero();
    }

    @Test
    void aLongConversationIsChargedForItsHistory() throws Exception {
        var caller = api.caller(user);
        var id =
                caller.post(
                                "/v1/conversations",
                                "{\"items\":[{\"role\":\"user\",\"content\":\""
                                        + "x".repeat(2700)
                                        + "\"}]}")
                        .id();

        var reply = chat("hello", ",\"conversation\":\"" + id + "\"", reserved(50, 100));

        assertThat(reply.statusCode()).isEqualTo(429);
        assertThat(reply.headers().firstValue("x-should-retry")).contains("false");
        var error = Json.parse(reply.body()).path("error");
        assertThat(error.path("type").asText()).isEqualTo("insufficient_quota");
        assertThat(error.path("message").asText()).contains("Rate limit reached for m");
        assertThat(settled().promptTokens()).isZero();
        assertThat(model.requests()).isEmpty();
        assertThat(api.metrics()).contains("jan_quota_extensions_total{outcome=\"refused\",} 1.0");
    }

    @Test
    void tellsPrometheusOfWhatWasUsedAboveTheReservation() throws Exception {
        model.next(answering ->
                answering.stream().content("Good").raw("data: " + withUsage(7, 9) + "\n\n").done());

        chat("hello", ",\"stream\":true", reserved(5, 5));

        settled();
        assertThat(api.metrics())
                .contains("jan_quota_overruns_total 1.0", "jan_quota_overrun_tokens_total 6.0");
        while (!api.metrics().contains("jan_quota_closed_total{outcome=\"settled\",} 1.0")) {
            Thread.sleep(20); // the ledger knows it first
        }
    }

    @Test
    void aConversationThatFitsIsReservedFor() throws Exception {
        var caller = api.caller(user);
        var id =
                caller.post(
                                "/v1/conversations",
                                "{\"items\":[{\"role\":\"user\",\"content\":\""
                                        + "x".repeat(900)
                                        + "\"}]}")
                        .id();
        long[] left = new long[1];
        model.next(answering -> {
            left[0] = remaining(tokens);
            answering.json(
                    200,
                    TestingModelServer.completion("{\"role\":\"assistant\",\"content\":\"Hi\"}"));
        });

        var reply = chat("hello", ",\"conversation\":\"" + id + "\"", reserved(50, 100));

        assertThat(reply.statusCode()).isEqualTo(200);
        assertThat(left[0]).isBetween(500L, 550L); // 850 without the history
        assertThat(settled().promptTokens()).isEqualTo(1);
    }

    @Test
    void aReservationOfAnotherRequestIsNone() throws Exception {
        var other =
                new Reservation(
                        "another",
                        new Spender(user, "pro", null, null, "m"),
                        new Amount(1, 1, 1),
                        Price.FREE,
                        List.of());

        assertThat(chat("hello", "", other).statusCode()).isEqualTo(401);
    }

    @Test
    void everybodySeesTheirOwnUsageAndAdministratorsAll() throws Exception {
        chat("hello", "", reserved(100, 500));
        settled();

        var own = usage(user, Set.of("user"), "");
        assertThat(own.statusCode()).isEqualTo(200);
        assertThat(own.body())
                .contains(
                        "{\"object\":\"usage.day\",\"date\":\""
                                + today()
                                + "\",\"model\":\"m\",\"requests\":1,\"prompt_tokens\":1,"
                                + "\"completion_tokens\":2,\"total_tokens\":3,\"cost\":0}");
        assertThat(usage("mallory", Set.of("user"), "?user=" + user).statusCode()).isEqualTo(403);
        assertThat(usage("mallory", Set.of("user"), "").body()).contains("\"data\":[]");
        assertThat(usage("root", Set.of("admin"), "?user=" + user).body()).contains("usage.day");
        assertThat(usage("root", Set.of("admin"), "?start_date=yesterday").statusCode())
                .isEqualTo(400);
    }

    private Reservation reserved(long prompt, long completion) {
        var reservation =
                new Reservation(
                        requestId,
                        new Spender(user, "pro", null, null, "m"),
                        new Amount(1, prompt, completion),
                        Price.FREE,
                        List.of(tokens, slots));
        assertThat(new Ledger(gateway).reserve(reservation)).isInstanceOf(Verdict.Reserved.class);
        return reservation;
    }

    /** What the ledger says when the slot is free again. */
    private Usage settled() throws InterruptedException {
        while (remaining(slots) == 0) {
            Thread.sleep(20);
        }
        return new Ledger(database)
                .used(user, today(), today()).stream()
                        .filter(usage -> "m".equals(usage.model()))
                        .findFirst()
                        .orElseThrow();
    }

    private long remaining(Limit limit) {
        var nothing =
                new Reservation(
                        UUID.randomUUID().toString(),
                        new Spender("observer", "pro", null, null, null),
                        Amount.ofRequests(0),
                        Price.FREE,
                        List.of(limit));
        var verdict = (Verdict.Reserved) new Ledger(gateway).charge(nothing);
        return verdict.states().getFirst().remaining();
    }

    private HttpResponse<String> chat(String text, String more, Reservation reservation)
            throws Exception {
        var request =
                HttpRequest.newBuilder(api.uri().resolve("/v1/chat/completions"))
                        .header(Identity.HEADER, identity())
                        .header(Reservation.HEADER, signed(reservation))
                        .POST(BodyPublishers.ofString(TestingLlmApi.chatBody(text, more)));
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> usage(String subject, Set<String> roles, String query)
            throws Exception {
        var request =
                HttpRequest.newBuilder(api.uri().resolve("/v1/usage" + query))
                        .header(Identity.HEADER, identity(subject, roles));
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    private static String signed(Reservation reservation) {
        return new ReservationSigner(IdentityGate.AUDIENCE, TestingLlmApi.KEY, Clock.systemUTC())
                .sign(reservation);
    }

    private String identity() {
        return identity(user, Set.of("user"));
    }

    private String identity(String subject, Set<String> roles) {
        return new IdentitySigner(IdentityGate.AUDIENCE, TestingLlmApi.KEY, Clock.systemUTC())
                .sign(
                        new Identity(
                                subject,
                                Identity.Method.API_KEY,
                                roles,
                                Set.of(),
                                "pro",
                                null,
                                null,
                                requestId));
    }

    private static String withUsage(int prompt, int completion) {
        var chunk = chunk("{}", "null");
        return chunk.substring(0, chunk.length() - 1)
                + ",\"usage\":{\"prompt_tokens\":%d,\"completion_tokens\":%d}}"
                        .formatted(prompt, completion);
    }

    private static LocalDate today() {
        return LocalDate.now(ZoneOffset.UTC);
    }
}
