// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.database.TestingDatabase;
import ai.jan.kit.identity.Identity;
import ai.jan.kit.identity.ModelGrant;
import ai.jan.llm.backend.BackendConfig;
import ai.jan.llm.backend.Deadlines;
import ai.jan.llm.backend.Price;
import ai.jan.llm.backend.ServedModel;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which models a caller sees and may ask for, and what an administrator does with them. */
@Timeout(60)
class ModelsIT {
    private static final ModelGrant GRANT =
            new ModelGrant(
                    Set.of("some/*", "missing"),
                    Map.of("fast", List.of("hidden"), "lost", List.of("missing")),
                    null);

    private static TestingDatabase storage;
    private static TestingModelServer model;
    private static TestingLlmApi api;

    @BeforeAll
    static void start() throws IOException {
        storage = TestingDatabase.migrated();
        model = new TestingModelServer();
        api = TestingLlmApi.start(storage, backend("one"), backend("two"));
    }

    @AfterAll
    static void stop() {
        api.close();
        model.close();
        storage.close();
    }

    @Test
    void listsExactlyWhatTheIdentityAllowsAliasesIncluded() throws Exception {
        assertThat(listed(api.caller("alice"))).containsExactly("some/model", "hidden");
        assertThat(listed(caller(GRANT))).containsExactly("some/model", "fast");
        assertThat(listed(caller(new ModelGrant(Set.of(), Map.of(), null)))).isEmpty();
    }

    @Test
    void describesWhatIsListedAndNothingElse() throws Exception {
        var caller = caller(GRANT);
        assertThat(caller.get("/v1/models/some/model").id()).isEqualTo("some/model");
        assertThat(caller.get("/v1/models/some%2Fmodel").id()).isEqualTo("some/model");
        assertThat(caller.get("/v1/models/fast").text())
                .isEqualTo(
                        "{\"id\":\"fast\",\"object\":\"model\",\"created\":1000,\"owned_by\":\"one\"}");
        for (var name : List.of("hidden", "missing", "lost", "nothing")) {
            var reply = caller.get("/v1/models/" + name);
            assertThat(reply.status()).as(name).isEqualTo(404);
            assertThat(reply.error().path("code").asText()).isEqualTo("model_not_found");
            assertThat(caller.get("/v1/models/catalogs/" + name).status()).isEqualTo(404);
        }
    }

    @Test
    void answersUnderTheAliasThatTheGatewayReplaced() throws Exception {
        var caller = caller(GRANT.askedFor("fast"));
        for (var more : List.of("", ",\"stream\":true")) {
            var reply =
                    caller.post(
                            "/v1/chat/completions",
                            TestingLlmApi.chatBody("hello", more)
                                    .replace(TestingLlmApi.MODEL, "hidden"));
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.text()).contains("\"model\":\"fast\"").doesNotContain("hidden");
        }
        assertThat(model.lastRequest().path("model").asText()).isEqualTo("upstream-hidden");
    }

    @Test
    void understandsAnAliasByItself() throws Exception {
        var body = TestingLlmApi.chatBody("hello", "").replace(TestingLlmApi.MODEL, "fast");
        var reply = caller(GRANT).post("/v1/chat/completions", body);
        assertThat(reply.json().path("model").asText()).isEqualTo("fast");
    }

    @Test
    void aModelThatIsNotAllowedLooksLikeOneThatIsNotThere() throws Exception {
        var nobody = caller(new ModelGrant(Set.of("some/*"), Map.of(), null));
        var body = "{\"model\":\"" + TestingLlmApi.MODEL + "\",\"prompt\":\"hello\"}";
        var hidden = nobody.post("/v1/completions", body.replace(TestingLlmApi.MODEL, "hidden"));
        var absent = nobody.post("/v1/completions", body.replace(TestingLlmApi.MODEL, "absent"));
        assertThat(hidden.status()).isEqualTo(404);
        assertThat(hidden.text()).isEqualTo(absent.text().replace("absent", "hidden"));
    }

    @Test
    void tellsMoreToJansClientsButNoAddress() throws Exception {
        var alice = api.caller("alice");
        var catalog = alice.get("/v1/models/catalogs/some%2Fmodel");
        assertThat(catalog.json().path("active").asBoolean()).isTrue();
        assertThat(catalog.json().at("/extras/context_length").asInt()).isEqualTo(4096);
        assertThat(catalog.json().at("/extras/pricing/output_per_million_tokens").asText())
                .isEqualTo("0.60");
        var providers = alice.get("/v1/models/providers");
        assertThat(providers.json()).hasSize(2);
        assertThat(providers.json().at("/0/name").asText()).isEqualTo("one");
        assertThat(providers.json().at("/0/id").asText()).matches("prov_[0-9a-z]{16}");
        assertThat(providers.text() + catalog.text()).doesNotContain("127.0.0.1", "http");
    }

    @Test
    void administratorsSwitchModelsOffAndOn() throws Exception {
        var admin = admin();
        var path = "/v1/admin/models/catalogs";
        assertThat(api.caller("alice").patch(path + "/hidden", "{\"active\":false}").status())
                .isEqualTo(403);
        assertThat(admin.patch(path + "/nothing", "{\"active\":false}").status()).isEqualTo(404);
        assertThat(admin.patch(path + "/hidden", "{}").status()).isEqualTo(400);

        var off = admin.patch(path + "/hidden", "{\"active\":false}");
        assertThat(off.json().path("active").asBoolean()).isFalse();
        assertThat(listed(api.caller("alice"))).containsExactly("some/model");
        assertThat(
                        api.caller("alice")
                                .post(
                                        "/v1/chat/completions",
                                        TestingLlmApi.chatBody("hello", "")
                                                .replace(TestingLlmApi.MODEL, "hidden"))
                                .status())
                .isEqualTo(404);
        assertThat(admin.get(path).json().path("data")).hasSize(2);

        var on = admin.post(path + "/bulk-toggle", "{\"enable\":true}");
        assertThat(on.json().path("updated_count").asInt()).isEqualTo(1);
        assertThat(listed(api.caller("alice"))).containsExactly("some/model", "hidden");
        var most =
                admin.post(
                        path + "/bulk-toggle",
                        "{\"enable\":false,\"except_models\":[\"some/model\"]}");
        assertThat(most.json().path("updated_count").asInt()).isEqualTo(1);
        assertThat(admin.get(path + "/hidden").json().path("active").asBoolean()).isFalse();
        admin.post(path + "/bulk-toggle", "{\"enable\":true,\"catalog_ids\":[\"hidden\"]}");
        assertThat(listed(api.caller("alice"))).hasSize(2);
    }

    private static List<String> listed(TestingLlmApi.Caller caller) throws Exception {
        var ids = new ArrayList<String>();
        var list = caller.get("/v1/models").json();
        assertThat(list.path("object").asText()).isEqualTo("list");
        list.path("data").forEach(entry -> ids.add(entry.path("id").asText()));
        return ids;
    }

    private static TestingLlmApi.Caller caller(ModelGrant grant) {
        return api.caller(TestingLlmApi.identity("bob").with(grant));
    }

    private static TestingLlmApi.Caller admin() {
        return api.caller(
                new Identity(
                        "root",
                        Identity.Method.JWT,
                        Set.of("user", "admin"),
                        Set.of(),
                        "pro",
                        null,
                        null,
                        "req-of-root"));
    }

    private static BackendConfig backend(String name) {
        var price = Optional.of(new Price(new BigDecimal("0.20"), new BigDecimal("0.60")));
        return new BackendConfig(
                name,
                model.url(),
                Optional.empty(),
                List.of(
                        new ServedModel(
                                TestingLlmApi.MODEL, "upstream", OptionalInt.of(4096), price),
                        new ServedModel("hidden", "upstream-hidden", OptionalInt.empty())),
                Deadlines.DEFAULT);
    }
}
