// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What can be seen in the realm file itself; that Keycloak does as it says is a matter of
 * conformance.
 */
class RealmTest {
    private static String text;
    private static JsonNode realm;

    @BeforeAll
    static void read() throws Exception {
        text = Files.readString(Path.of("..", "keycloak-realm", "realm-jan.json"));
        realm = Json.parse(text);
    }

    @Test
    void holdsNobodyAndNothingSecret() {
        assertThat(realm.path("users"))
                .extracting(user -> user.path("serviceAccountClientId").asText())
                .containsExactly("backend-watch");
        assertThat(text).doesNotContain("\"secret\"", "privateKey", "smtpServer");
    }

    @Test
    void keepsTheBuiltInScopesWithoutWhichTokensHaveNoSubject() {
        assertThat(realm.has("clientScopes")).isFalse();
    }

    @Test
    void saysHowLongEverythingLives() {
        assertThat(realm.path("accessTokenLifespan").asInt()).isEqualTo(900);
        assertThat(realm.path("ssoSessionIdleTimeout").asInt()).isPositive();
        assertThat(realm.path("ssoSessionMaxLifespan").asInt()).isPositive();
        assertThat(realm.path("offlineSessionMaxLifespanEnabled").asBoolean()).isTrue();
    }

    @Test
    void slowsDownWhoeverGuessesPasswords() {
        assertThat(realm.path("bruteForceProtected").asBoolean()).isTrue();
    }

    @Test
    void demandsNoNamesAndKnowsOurAttributes() throws Exception {
        var profile =
                Json.parse(
                        realm.path("components")
                                .path("org.keycloak.userprofile.UserProfileProvider")
                                .path(0)
                                .path("config")
                                .path("kc.user.profile.config")
                                .path(0)
                                .asText());

        assertThat(profile.path("attributes"))
                .extracting(attribute -> attribute.path("name").asText())
                .contains("username", "email", "firstName", "lastName", "guest", "pid");
        assertThat(profile.path("attributes"))
                .allSatisfy(attribute -> assertThat(attribute.has("required")).isFalse());
    }

    @Test
    void letsBrowsersReturnToThisMachineOnly() {
        var publicClient = client("llm-api");
        assertThat(publicClient.path("redirectUris"))
                .extracting(JsonNode::asText)
                .containsExactly("http://localhost/*", "http://127.0.0.1/*");
        assertThat(publicClient.path("attributes").path("pkce.code.challenge.method").asText())
                .isEqualTo("S256");
    }

    @Test
    void hasNoOtherClientWithWhichSomebodyCanLogIn() {
        assertThat(realm.path("clients"))
                .extracting(client -> client.path("clientId").asText())
                .containsExactlyInAnyOrder(
                        "llm-api", "backend", "backend-watch", "admin-permissions");
        for (var name : new String[] {"backend", "backend-watch", "admin-permissions"}) {
            assertThat(client(name).path("publicClient").asBoolean(true)).isFalse();
            assertThat(client(name).path("standardFlowEnabled").asBoolean(true)).isFalse();
            assertThat(client(name).path("fullScopeAllowed").asBoolean(true)).isFalse();
        }
    }

    @Test
    void letsTheGatewayManageGuestsAndNobodyElse() throws Exception {
        var groups = new HashMap<String, String>();
        realm.path("groups")
                .forEach(group ->
                        groups.put(group.path("id").asText(), group.path("name").asText()));
        var granted = new HashMap<String, Set<String>>();
        for (var policy : client("admin-permissions").at("/authorizationSettings/policies")) {
            if (policy.path("type").asText().equals("scope")) {
                var config = policy.path("config");
                assertThat(config.path("applyPolicies").asText())
                        .isEqualTo("[\"the client backend\"]");
                var resources = texts(config.path("resources"));
                assertThat(resources).hasSize(1);
                granted.put(groups.get(resources.iterator().next()), texts(config.path("scopes")));
            }
        }
        assertThat(granted)
                .isEqualTo(
                        Map.of(
                                "guests",
                                Set.of(
                                        "view",
                                        "view-members",
                                        "manage-members",
                                        "manage-membership",
                                        "manage-membership-of-members"),
                                "users",
                                Set.of("view", "manage-membership")));
        assertThat(text).doesNotContain("manage-users");
    }

    @Test
    void letsTheGatewayReadWhatHappensWithAClientThatChangesNothing() {
        var roles = realm.path("users").path(0).path("clientRoles");
        assertThat(roles.properties()).hasSize(1);
        assertThat(roles.path("realm-management"))
                .extracting(JsonNode::asText)
                .containsExactly("view-events", "view-users");
        assertThat(realm.path("adminEventsEnabled").asBoolean()).isTrue();
        assertThat(realm.path("adminEventsDetailsEnabled").asBoolean(true)).isFalse();
        assertThat(realm.path("eventsEnabled").asBoolean()).isTrue();
        assertThat(realm.path("enabledEventTypes"))
                .extracting(JsonNode::asText)
                .containsExactly("LOGOUT");
        assertThat(realm.at("/attributes/adminEventsExpiration").asInt()).isPositive();
        assertThat(realm.path("eventsExpiration").asInt()).isPositive();
    }

    private static JsonNode client(String id) {
        for (var client : realm.path("clients")) {
            if (client.path("clientId").asText().equals(id)) {
                return client;
            }
        }
        throw new AssertionError("no client " + id);
    }

    /** A list that is a text in the file. */
    private static Set<String> texts(JsonNode json) throws Exception {
        var texts = new HashSet<String>();
        Json.parse(json.asText()).forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
