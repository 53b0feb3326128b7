// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.problem;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ApiProblemTest {
    @Test
    void alwaysHasAllFourMembers() {
        assertThat(ApiProblem.internal().toJson().toString())
                .isEqualTo(
                        "{\"error\":{\"message\":\"The server had an error while processing your request.\","
                                + "\"type\":\"server_error\",\"param\":null,\"code\":null}}");
        assertThat(ApiProblem.badRequest("c", "p", "m").toJson().toString())
                .isEqualTo(
                        "{\"error\":{\"message\":\"m\",\"type\":\"invalid_request_error\","
                                + "\"param\":\"p\",\"code\":\"c\"}}");
    }

    @Test
    void keepsItsCauseForTheLogOnly() {
        var problem = ApiProblem.unavailable(null, "Not now.").because(new Exception("secret"));
        assertThat(problem).hasRootCauseMessage("secret");
        assertThat(problem.toJson().toString()).doesNotContain("secret");
        assertThat(problem.header("Retry-After", "1").headers()).containsEntry("Retry-After", "1");
    }
}
