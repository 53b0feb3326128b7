// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.identity;

import ai.jan.plugins.keycloak.Deadline;
import ai.jan.plugins.keycloak.Keycloak;
import ai.jan.plugins.keycloak.KeycloakUnavailable;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.UUID;

/**
 * Lets somebody in without a name: makes an account in Keycloak whose password nobody keeps, and
 * answers its first tokens. How many a client may make is limited by a plugin in front of this one.
 */
final class GuestLogin {
    private static final Duration PATIENCE = Duration.ofSeconds(8);
    private static final int PASSWORD_BYTES = 32;

    private final Keycloak keycloak;
    private final String client;
    private final InstantSource clock;
    private final SecureRandom random;

    /**
     * @param client the public client that tokens are for
     */
    GuestLogin(Keycloak keycloak, String client, InstantSource clock, SecureRandom random) {
        this.keycloak = keycloak;
        this.client = client;
        this.clock = clock;
        this.random = random;
    }

    void addTo(Endpoints endpoints) {
        endpoints.on("POST", "/auth/guest-login", (_, _) -> login());
    }

    private Reply login() {
        var deadline = Deadline.in(PATIENCE);
        var id = UUID.randomUUID();
        var username = "guest-" + id;
        var password = password();
        var subject = keycloak.guests().create(username, id.toString(), password, deadline);
        var tokens =
                keycloak.tokens()
                        .byPassword(client, username, password, deadline)
                        .orElseThrow(() ->
                                new KeycloakUnavailable(
                                        "the client " + client + " cannot log guests in"));
        var body =
                IssuedTokens.body(tokens, clock.instant())
                        .put("user_id", subject)
                        .put("principal_id", subject)
                        .put("username", username);
        return Reply.of(201, body).with(IssuedTokens.cookie(tokens));
    }

    private String password() {
        var bytes = new byte[PASSWORD_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
