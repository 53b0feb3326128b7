// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
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
        assertThat(realm.has("users")).isFalse();
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
        assertThat(realm.path("clients")).hasSize(1);
        assertThat(realm.path("clients").path(0).path("redirectUris"))
                .extracting(JsonNode::asText)
                .containsExactly("http://localhost/*", "http://127.0.0.1/*");
        assertThat(
                        realm.path("clients")
                                .path(0)
                                .path("attributes")
                                .path("pkce.code.challenge.method")
                                .asText())
                .isEqualTo("S256");
    }
}
