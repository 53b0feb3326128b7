// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.auth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryCredentialsTest {
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "api_key=sk_live_1, ''",
                "limit=2&api_key=sk_live_1&order=%61sc, limit=2&order=%61sc",
                "API-Key=sk_live_1&a, a",
                "%61pi_key=sk_live_1&a=b, a=b",
                "a=b&access_token=x.y.z&apikey=1&x-api-key=2&refresh_token=3, a=b",
                "api_key, ''",
            })
    void takesCredentialsAway(String query, String left) {
        assertThat(QueryCredentials.removedFrom(query)).isEqualTo(left);
    }

    @ParameterizedTest
    @CsvSource({"''", "limit=2&&order=", "=x", "my_api_key=1&token=2", "a=api_key"})
    void leavesOtherQueriesAsTheyAre(String query) {
        assertThat(QueryCredentials.removedFrom(query)).isEqualTo(query);
    }
}
