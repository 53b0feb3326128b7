// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.jan.kit.identity.ModelGrant;
import ai.jan.kong.testkit.simulated.SimulatedRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelRulesTest {
    private final TestingRewrite rewrite =
            new TestingRewrite(
                    """
                    {"aliases": [
                       {"name": "fast", "targets": [{"model": "qwen-1"}]},
                       {"name": "canary", "targets": [{"model": "old", "weight": 90},
                                                      {"model": "new", "weight": 10}]},
                       {"name": "secret", "targets": [{"model": "gpt"}]}],
                     "plans": {
                       "guest": {"models": ["fast", "tiny*"]},
                       "admin": {"models": ["*"]}}}
                    """);

    @Test
    void anAliasIsReplacedInItsPlace() {
        var result =
                rewrite.as("alice", "guest")
                        .post(
                                TestingRewrite.CHAT,
                                "{ \"messages\" : [ ],\n \"model\" :\t\"fast\", \"seed\":1e0}");
        assertThat(result.body())
                .isEqualTo("{ \"messages\" : [ ],\n \"model\" :\t\"qwen-1\", \"seed\":1e0}");
        assertThat(result.summary().modelAsked()).isEqualTo("fast");
        assertThat(result.summary().modelSent()).isEqualTo("qwen-1");
    }

    @Test
    void theServiceLearnsWhatTheCallerMayUseAndWhatHeAskedFor() {
        var grant = new ModelGrant(Set.of("tiny*"), Map.of("fast", List.of("qwen-1")), null);
        rewrite.as("alice", "guest");
        var alias = "{\"model\":\"fast\",\"messages\":[]}";
        assertThat(rewrite.post(TestingRewrite.CHAT, alias).identity())
                .isEqualTo(TestingRewrite.caller("alice", "guest").with(grant.askedFor("fast")));
        var own = "{\"model\":\"tiny-2\",\"messages\":[]}";
        assertThat(rewrite.post(TestingRewrite.CHAT, own).identity().grant()).isEqualTo(grant);
        var list = rewrite.send(SimulatedRequest.get("/v1/models"));
        assertThat(list.identity().grant()).isEqualTo(grant);
        assertThat(list.summary().kind()).hasToString("OTHER");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\\u0000b", "a\\nb", "\\u0085a"})
    void whatCannotBeANameIsNoModelEvenWhereAllAreAllowed(String name) throws Exception {
        var refused = rewrite.as("alice", "admin").post(TestingRewrite.CHAT, chat(name));
        assertThat(refused.status()).isEqualTo(404);
        assertThat(refused.code()).isEqualTo("model_not_found");
    }

    @Test
    void aNameHasALimit() {
        rewrite.as("alice", "admin");
        var longest = rewrite.post(TestingRewrite.CHAT, chat("x".repeat(256)));
        assertThat(longest.summary().modelSent()).hasSize(256);
        assertThat(rewrite.post(TestingRewrite.CHAT, chat("x".repeat(257))).status())
                .isEqualTo(404);
    }

    private static String chat(String model) {
        return "{\"model\":\"" + model + "\",\"messages\":[]}";
    }

    @Test
    void aPlanMayUseItsModelsOnly() throws Exception {
        for (var model : new String[] {"qwen-1", "secret", "Fast", "gpt", "tin", "*"}) {
            var refused =
                    rewrite.as("alice", "guest")
                            .post(
                                    "/v1/chat/completions",
                                    "{\"model\":\"" + model + "\",\"messages\":[]}");
            assertThat(refused.status()).isEqualTo(404);
            assertThat(refused.code()).isEqualTo("model_not_found");
            assertThat(refused.param()).isEqualTo("model");
            assertThat(refused.error().path("message").asText()).contains("does not exist");
        }
        for (var model : new String[] {"qwen-1", "secret", "anything"}) {
            var body = "{\"model\":\"" + model + "\",\"messages\":[]}";
            assertThat(rewrite.as("root", "admin").post("/v1/chat/completions", body).status())
                    .isEqualTo(200);
        }
    }

    @Test
    void anEventThatIsRunAgainChangesNothing() {
        var result =
                new TestingRewrite(
                                """
                                {"aliases": [{"name": "fast", "targets": [{"model": "qwen-1"}]}],
                                 "plans": {"*": {"models": ["fast"]}}, "system_prompt": "Be kind."}
                                """)
                        .twice()
                        .post(TestingRewrite.CHAT, "{\"model\":\"fast\",\"messages\":[]}");
        assertThat(result.body())
                .isEqualTo(
                        "{\"model\":\"qwen-1\",\"messages\":[{\"role\":\"system\","
                                + "\"content\":\"Be kind.\"}]}");
        assertThat(result.identity().grant().asked()).isEqualTo("fast");
    }

    @Test
    void aPlanWithoutRulesMayUseNothing() throws Exception {
        rewrite.as("alice", "forgotten");
        assertThat(rewrite.send(SimulatedRequest.get("/v1/models")).status()).isEqualTo(403);
        assertThat(rewrite.chat("").code()).isEqualTo("insufficient_permissions");
    }

    @Test
    void aUserStaysWithOneOfSeveralModels() {
        var body = "{\"model\":\"canary\",\"messages\":[]}";
        var seen = new HashSet<String>();
        for (int i = 0; i < 100; i++) {
            rewrite.as("user-" + i, "admin");
            var sent = rewrite.post(TestingRewrite.CHAT, body).summary().modelSent();
            seen.add(sent);
            if (i % 10 == 0) {
                assertThat(rewrite.post(TestingRewrite.CHAT, body).summary().modelSent())
                        .isEqualTo(sent);
            }
        }
        assertThat(seen).containsExactlyInAnyOrder("old", "new");
    }

    @Test
    void weightsAreSharesOfTheUsers() {
        var aliases = canary(10);
        long canaries =
                IntStream.range(0, 10_000)
                        .filter(user -> aliases.resolve("m", "user-" + user).equals("new"))
                        .count();
        assertThat(canaries).isCloseTo(1000, within(150L));
    }

    @Test
    void aLargerCanaryKeepsItsUsers() {
        var small = canary(5);
        var large = canary(20);
        for (int i = 0; i < 500; i++) {
            if (small.resolve("m", "user-" + i).equals("new")) {
                assertThat(large.resolve("m", "user-" + i)).isEqualTo("new");
            }
        }
    }

    private static Aliases canary(int weight) {
        return new Aliases(
                List.of(
                        new AliasConfig(
                                "m",
                                List.of(
                                        new AliasConfig.Target("new", weight),
                                        new AliasConfig.Target("m", 100 - weight)))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"messages\":[]}", "{\"model\":null}", "{\"model\":\" \"}", "{}"})
    void aModelMustBeNamed(String body) throws Exception {
        var refused = rewrite.as("root", "admin").post("/v1/chat/completions", body);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.error().path("message").asText()).contains("model parameter");
        assertThat(refused.error().path("code").isNull()).isTrue();
    }

    @Test
    void faultsAreReportedInTheirOrder() throws Exception {
        rewrite.as("root", "admin");
        assertThat(rewrite.post("/v1/chat/completions", "{\"model\":1}").code())
                .isEqualTo("invalid_type");
        assertThat(rewrite.post("/v1/chat/completions", "{\"model\":\"m\",\"zzz\":1}").param())
                .isEqualTo("messages");
        assertThat(rewrite.post("/v1/completions", "{\"model\":\"m\"}").code())
                .isEqualTo("missing_required_parameter");
        assertThat(rewrite.post("/v1/embeddings", "{\"model\":\"m\"}").param()).isEqualTo("input");
    }

    @Test
    void configurationsWithoutSenseAreRefused() {
        for (var config :
                new String[] {
                    "{\"aliases\":[{\"name\":\"a\",\"targets\":[{\"model\":\"b\",\"weight\":0}]}]}",
                    """
                    {"aliases":[{"name":"a","targets":[{"model":"b"}]},
                                {"name":"a","targets":[{"model":"c"}]}]}
                    """,
                    "{\"plans\":{\"p\":{\"output_tokens\":99,\"max_output_tokens\":98}}}",
                    "{\"plans\":{\"p\":{\"limits\":{\"n\":{\"max\":2}}}}}",
                    "{\"plans\":{\"p\":{\"limits\":{\"top_p\":{\"max\":1,\"min\":2}}}}}",
                    "{\"guard\":[{\"pattern\":\"(a)\\\\1\"}]}",
                    "{\"guard\":[{\"pattern\":\"(\"}]}",
                    "{\"headers\":{\"set\":{\"X-Jan-Identity\":\"x\"}}}",
                    "{\"headers\":{\"remove\":[\"content_length\"],\"set\":{\"Host\":\"x\"}}}",
                    "{\"headers\":{\"rename\":{\"X-A\":\"x_user_id\"}}}",
                    "{\"unknown_parameters\":\"ignore\"}"
                }) {
            assertThatThrownBy(() -> TestingRewrite.plugin(config))
                    .as(config)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
