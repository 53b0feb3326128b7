// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** T13 of the threat model: headers by which a client claims to be somebody. */
class ReservedHeadersTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "x-jan-identity",
                "X-Jan-Identity",
                "x_jan_identity",
                "X_JAN-Identity",
                "x-jan_reservation",
                "x.jan.identity",
                "x-user-id",
                "X_User_Id",
                "x-user-subject",
                "x-auth-method",
                "x-principal-id",
                "x-consumer-id",
                "x-consumer-custom-id",
                "x_consumer_username",
                "x-credential-identifier",
                "x-anonymous-consumer",
                "x-authenticated-userid",
                "x-authenticated-scope",
                "x-scopes",
                "x-quota-remaining",
                "x-plan",
                "x_team",
                "x-openwebui-user-id",
                "authorization",
                "Cookie",
                "X-Original-URL",
                "proxy-authorization",
                "Proxy_Authorization",
                "x-api-key",
                "x_api_key",
                "apikey"
            })
    void takesAwayWhatOnlyTheGatewayMayWrite(String name) {
        assertThat(ReservedHeaders.isReserved(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "accept",
                "content-type",
                "content-length",
                "host",
                "user-agent",
                "openai-organization",
                "x-stainless-lang",
                "x-request-id",
                "x-client-request-id",
                "x-forwarded-for",
                "x-forwarded-proto",
                "traceparent",
                "idempotency-key",
                "x-january",
                "x-username-hint"
            })
    void leavesOrdinaryHeadersAlone(String name) {
        assertThat(ReservedHeaders.isReserved(name)).isFalse();
    }

    @Test
    void keepsTheSpellingSoThatKongFindsTheHeader() {
        assertThat(ReservedHeaders.among(List.of("x_user_id", "accept", "x-user-id")))
                .containsExactly("x_user_id", "x-user-id");
    }
}
