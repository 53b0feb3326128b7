// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm;

import ai.jan.database.Database;
import ai.jan.database.DatabaseSettings;
import ai.jan.database.LoginRole;
import ai.jan.database.TestingDatabase;
import ai.jan.kit.http.HttpServer;
import ai.jan.kit.http.HttpSettings;
import ai.jan.kit.identity.Identity;
import ai.jan.kit.identity.IdentityKey;
import ai.jan.kit.identity.IdentitySigner;
import ai.jan.kit.identity.IdentityVerifier;
import ai.jan.kit.json.Json;
import ai.jan.kit.metrics.Metrics;
import ai.jan.kit.telemetry.Telemetry;
import ai.jan.kit.telemetry.Tracing;
import ai.jan.llm.backend.BackendConfig;
import ai.jan.llm.backend.Deadlines;
import ai.jan.llm.backend.Models;
import ai.jan.llm.backend.ServedModel;
import ai.jan.llm.backend.Upstream;
import ai.jan.llm.identity.IdentityGate;
import ai.jan.llm.quota.Quota;
import ai.jan.quota.Ledger;
import ai.jan.quota.ReservationVerifier;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** The real service on a free port, and callers of it that the gateway would have let in. */
public final class TestingLlmApi implements AutoCloseable {
    public static final String SECRET = "k".repeat(32);
    public static final IdentityKey KEY = IdentityKey.of(SECRET);
    public static final IdentityKey PREVIOUS = IdentityKey.of("p".repeat(32));
    public static final String MODEL = "some/model";

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final Database database;
    private final Quota quota;
    private final Models models;
    private final Metrics metrics;
    private final HttpServer server;

    private TestingLlmApi(
            Database database, Quota quota, Models models, Metrics metrics, HttpServer server) {
        this.database = database;
        this.quota = quota;
        this.models = models;
        this.metrics = metrics;
        this.server = server;
    }

    public static TestingLlmApi start(TestingDatabase storage, BackendConfig... backends)
            throws IOException {
        return start(storage.settings(LoginRole.LLM_API), backends);
    }

    public static TestingLlmApi start(DatabaseSettings storage, BackendConfig... backends)
            throws IOException {
        return start(new HttpSettings("127.0.0.1", 0), storage, backends);
    }

    public static TestingLlmApi start(
            HttpSettings http, DatabaseSettings storage, BackendConfig... backends)
            throws IOException {
        var metrics = new Metrics();
        var database = Database.open(storage, "test", metrics.databases());
        var verifier =
                new IdentityVerifier(
                        IdentityGate.AUDIENCE, List.of(KEY, PREVIOUS), Clock.systemUTC());
        var quota =
                Quota.start(
                        new Ledger(database),
                        new ReservationVerifier(
                                IdentityGate.AUDIENCE, List.of(KEY, PREVIOUS), Clock.systemUTC()),
                        metrics.reservations());
        var models =
                new Models(Arrays.asList(backends), Upstream.client(), Instant.ofEpochSecond(1000));
        var server =
                LlmApi.start(
                        http,
                        database,
                        verifier,
                        quota,
                        models,
                        new Telemetry(metrics, Tracing.OFF));
        return new TestingLlmApi(database, quota, models, metrics, server);
    }

    /** A backend that serves {@link #MODEL} under the name {@code upstream}. */
    public static BackendConfig backend(String name, URI url) {
        return backend(name, url, Deadlines.DEFAULT);
    }

    public static BackendConfig backend(String name, URI url, Deadlines deadlines) {
        return new BackendConfig(
                name,
                url,
                Optional.empty(),
                List.of(new ServedModel(MODEL, "upstream", OptionalInt.empty())),
                deadlines);
    }

    public Caller caller(String subject) {
        return caller(identity(subject));
    }

    public Caller caller(Identity identity) {
        return Caller.at(server.uri(), identity);
    }

    /** All routes of the service, such as {@code GET /v1/models}. */
    public List<String> routes() throws IOException {
        var verifier = new IdentityVerifier(IdentityGate.AUDIENCE, List.of(KEY), Clock.systemUTC());
        return LlmApi.router(database, verifier, quota, models, Telemetry.off()).routes();
    }

    /** What it exposes to Prometheus, line by line. */
    public List<String> metrics() {
        return metrics.text().lines().toList();
    }

    public Models models() {
        return models;
    }

    public static Identity identity(String subject) {
        return new Identity(
                subject,
                Identity.Method.API_KEY,
                Set.of("user"),
                Set.of(),
                "free",
                null,
                null,
                "req-of-" + subject);
    }

    public URI uri() {
        return server.uri();
    }

    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.close();
        quota.close();
        database.close();
    }

    /** Somebody who sends one identity header with every request. */
    public static final class Caller {
        private final URI service;
        private final String identity;

        private Caller(URI service, String identity) {
            this.service = service;
            this.identity = identity;
        }

        static Caller at(URI service, String subject) {
            return at(service, TestingLlmApi.identity(subject));
        }

        static Caller at(URI service, Identity identity) {
            var signer = new IdentitySigner(IdentityGate.AUDIENCE, KEY, Clock.systemUTC());
            return new Caller(service, signer.sign(identity));
        }

        public String identity() {
            return identity;
        }

        public Reply get(String path) throws IOException, InterruptedException {
            return send("GET", path, null);
        }

        public Reply delete(String path) throws IOException, InterruptedException {
            return send("DELETE", path, null);
        }

        public Reply post(String path, String body) throws IOException, InterruptedException {
            return send("POST", path, body);
        }

        public Reply patch(String path, String body) throws IOException, InterruptedException {
            return send("PATCH", path, body);
        }

        /** A chat of one message, with more members if wanted: {@code ,"stream":true}. */
        public Reply chat(String text, String more) throws IOException, InterruptedException {
            return post("/v1/chat/completions", chatBody(text, more));
        }

        public Reply send(String method, String path, String body)
                throws IOException, InterruptedException {
            var request =
                    HttpRequest.newBuilder(service.resolve(path))
                            .header(Identity.HEADER, identity)
                            .method(
                                    method,
                                    body == null
                                            ? BodyPublishers.noBody()
                                            : BodyPublishers.ofString(body));
            return new Reply(HTTP.send(request.build(), BodyHandlers.ofString()));
        }
    }

    public static String chatBody(String text, String more) {
        return "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]%s}"
                .formatted(MODEL, text, more);
    }

    /** An answer of the service. */
    public record Reply(HttpResponse<String> http) {
        public int status() {
            return http.statusCode();
        }

        public String text() {
            return http.body();
        }

        public JsonNode json() throws IOException {
            return Json.parse(http.body());
        }

        public JsonNode error() throws IOException {
            return json().path("error");
        }

        public String id() throws IOException {
            return json().path("id").textValue();
        }
    }
}
