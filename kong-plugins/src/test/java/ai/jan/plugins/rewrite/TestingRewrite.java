// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.rewrite;

import ai.jan.kit.identity.Identity;
import ai.jan.kit.identity.IdentityKey;
import ai.jan.kit.identity.IdentitySigner;
import ai.jan.kit.identity.IdentityVerifier;
import ai.jan.kit.json.Json;
import ai.jan.kong.pdk.Bytes;
import ai.jan.kong.pdk.Kong;
import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.Plugin;
import ai.jan.kong.pdk.config.ConfigSchema;
import ai.jan.kong.pdk.config.InvalidConfig;
import ai.jan.kong.testkit.simulated.SimulatedExchange;
import ai.jan.kong.testkit.simulated.SimulatedKong;
import ai.jan.kong.testkit.simulated.SimulatedRequest;
import ai.jan.plugins.KongDefaults;
import ai.jan.plugins.auth.AuthPlugin;
import ai.jan.plugins.request.RequestSummary;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** jan-rewrite in a simulated Kong, behind a plugin that says who is calling. */
final class TestingRewrite {
    static final IdentityKey KEY = IdentityKey.of("shared with llm-api-lite, 32 bytes");
    static final String CHAT = "/v1/chat/completions";

    private final AtomicReference<Identity> caller = new AtomicReference<>(caller("alice", "user"));
    private final AtomicReference<String> summary = new AtomicReference<>("");
    private final RewritePlugin plugin;
    private final int bodyBuffer;
    private final SimulatedKong kong;

    /** What became of a request. */
    record Result(SimulatedExchange exchange, String summaryJson) {
        /** The body that the service gets. */
        String body() {
            return exchange.isForwarded().upstream().orElseThrow().body().utf8();
        }

        RequestSummary summary() {
            return RequestSummary.parse(summaryJson).orElseThrow();
        }

        /** What the service is told of the caller. */
        Identity identity() {
            var header = exchange.isForwarded().upstream().orElseThrow().header(Identity.HEADER);
            return new IdentityVerifier("llm-api-lite", List.of(KEY), Clock.systemUTC())
                    .verify(header.orElseThrow())
                    .orElseThrow();
        }

        int status() {
            return exchange.response().status();
        }

        /** OpenAI's error object of a refused request. */
        JsonNode error() throws Exception {
            exchange.isNotForwarded();
            return Json.parse(exchange.response().body().utf8()).path("error");
        }

        String code() throws Exception {
            return error().path("code").asText();
        }

        String param() throws Exception {
            return error().path("param").asText();
        }
    }

    /**
     * @param config as in {@code kong.yml}; {@code audience} is added
     */
    TestingRewrite(String config) {
        this(config, 16 * 1024 * 1024);
    }

    TestingRewrite(String config, int bodyBuffer) {
        this(plugin(config), bodyBuffer, false);
    }

    private TestingRewrite(RewritePlugin plugin, int bodyBuffer, boolean twice) {
        this.plugin = plugin;
        this.bodyBuffer = bodyBuffer;
        var builder =
                SimulatedKong.builder()
                        .bodyBuffer(bodyBuffer)
                        .plugin("identity", 1251, new Authenticated())
                        .plugin("jan-rewrite", 940, plugin)
                        .plugin("summary", 905, new Reader());
        kong = (twice ? builder.plugin("again", 939, plugin) : builder).build();
    }

    /** The same, but Kong runs each of its events again. */
    TestingRewrite twice() {
        return new TestingRewrite(plugin, bodyBuffer, true);
    }

    static RewritePlugin plugin(String config) {
        return RewritePlugin.of(config(config), KEY, Clock.systemUTC());
    }

    static RewriteConfig config(String config) {
        try {
            var json = (ObjectNode) Json.parse(config);
            json.put("audience", "llm-api-lite");
            var schema = ConfigSchema.of("jan-rewrite", RewriteConfig.class);
            var problems = schema.problems(json);
            if (!problems.isEmpty()) {
                throw new IllegalArgumentException("Kong would say: " + problems);
            }
            return schema.read(Bytes.of(Json.bytes(KongDefaults.fill(schema.json(), json))));
        } catch (JsonProcessingException | InvalidConfig e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    static Identity caller(String subject, String plan) {
        return new Identity(
                subject,
                Identity.Method.JWT,
                Set.of("user"),
                Set.of(),
                plan,
                null,
                null,
                "request-1");
    }

    TestingRewrite as(String subject, String plan) {
        caller.set(caller(subject, plan));
        return this;
    }

    /** A chat request with these members besides model and messages. */
    Result chat(String members) {
        return post(
                CHAT,
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]"
                        + (members.isEmpty() ? "" : "," + members)
                        + "}");
    }

    Result post(String path, String json) {
        return send(SimulatedRequest.post(path, json));
    }

    Result send(SimulatedRequest request) {
        summary.set("");
        var exchange = kong.send(request);
        exchange.hasNoFailures().needsRoundTrips(1);
        return new Result(exchange, summary.get());
    }

    /** Stands for jan-auth. */
    private final class Authenticated implements Plugin {
        @Override
        public void access(Kong kong) {
            var token =
                    new IdentitySigner("llm-api-lite", KEY, Clock.systemUTC()).sign(caller.get());
            kong.service().request().setHeader(Identity.HEADER, token);
            kong.ctx().shared().set(AuthPlugin.SHARED_IDENTITY, token);
        }
    }

    /** Stands for jan-quota. */
    private final class Reader implements Plugin {
        @Override
        public void access(Kong kong) {
            kong.ctx()
                    .shared()
                    .get(RequestSummary.SHARED)
                    .get()
                    .ifPresent(text -> summary.set((String) text));
        }
    }

    static int roundTrips(SimulatedExchange exchange) {
        return exchange.roundTrips("jan-rewrite", Phase.ACCESS);
    }
}
