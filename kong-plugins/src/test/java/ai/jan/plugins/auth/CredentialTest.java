// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.jan.kit.problem.ApiProblem;
import ai.jan.kong.pdk.Kong;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialTest {
    private static final String KEY = "sk_live_" + "0".repeat(48);

    @ParameterizedTest
    @ValueSource(strings = {"Bearer ", "bearer ", "BEARER ", "Bearer   ", " Bearer\t"})
    void takesAKeyFromABearerHeader(String scheme) {
        assertThat(Credential.of(headers("authorization", scheme + KEY)))
                .contains(new Credential.Key(KEY));
    }

    @Test
    void takesEverythingElseFromABearerHeaderForAToken() {
        assertThat(Credential.of(headers("authorization", "Bearer a.b.c")))
                .contains(new Credential.Token("a.b.c"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-api-key", "apikey"})
    void takesAKeyFromItsOwnHeader(String name) {
        assertThat(Credential.of(headers(name, KEY))).contains(new Credential.Key(KEY));
    }

    @Test
    void acceptsTheSameKeyTwice() {
        assertThat(Credential.of(headers("authorization", "Bearer " + KEY, "x-api-key", KEY)))
                .contains(new Credential.Key(KEY));
    }

    @Test
    void findsNone() {
        assertThat(Credential.of(headers("accept", "*/*"))).isEmpty();
        assertThat(Credential.of(headers("authorization", ""))).isEmpty();
        assertThat(Credential.of(headers("authorization", "Bearer"))).isEmpty();
        assertThat(Credential.of(headers("authorization", "Bearer  "))).isEmpty();
        assertThat(Credential.of(headers("x-api-key", " "))).isEmpty();
    }

    @Test
    void refusesAnotherScheme() {
        assertRefused(headers("authorization", "Basic dXNlcjpwYXNz"), "invalid_api_key");
    }

    @Test
    void refusesMoreThanOneCredential() {
        assertRefused(
                headers("authorization", "Bearer a.b.c", "apikey", KEY), "conflicting_credentials");
        assertRefused(headers("x-api-key", KEY, "x-api-key", KEY + "1"), "conflicting_credentials");
    }

    @Test
    void refusesTwoAuthorizationHeadersEvenIfTheyAgree() {
        assertRefused(
                headers("authorization", "Bearer " + KEY, "authorization", "Bearer " + KEY),
                "conflicting_credentials");
    }

    @Test
    void isNeverPrinted() {
        assertThat(new Credential.Key(KEY).toString()).doesNotContain(KEY);
        assertThat(new Credential.Token("a.b.c").toString()).doesNotContain("a.b.c");
    }

    private static void assertRefused(Kong.Headers headers, String code) {
        assertThatThrownBy(() -> Credential.of(headers))
                .isInstanceOfSatisfying(
                        ApiProblem.class,
                        problem -> {
                            assertThat(problem.status()).isEqualTo(401);
                            assertThat(problem.code()).isEqualTo(code);
                            assertThat(problem.getMessage()).doesNotContain(KEY);
                        });
    }

    private static Kong.Headers headers(String... namesAndValues) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            values.computeIfAbsent(namesAndValues[i], _ -> new ArrayList<>())
                    .add(namesAndValues[i + 1]);
        }
        return new Kong.Headers(values, false);
    }
}
