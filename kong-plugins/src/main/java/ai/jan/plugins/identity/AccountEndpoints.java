// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.identity;

import ai.jan.kit.problem.ApiProblem;
import ai.jan.plugins.Services;
import ai.jan.plugins.keycloak.Keycloak;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The endpoints behind which Keycloak is; without one they say so. */
final class AccountEndpoints {
    private static final Logger LOG = LoggerFactory.getLogger(AccountEndpoints.class);
    private static final String LOGIN = "/auth/(?:login|callback)";
    private static final String OTHERS = "/auth/(?:guest-login|refresh-token|logout|upgrade)";

    private AccountEndpoints() {}

    static void add(Endpoints endpoints, IdentityConfig config, Services services) {
        services.keycloak()
                .ifPresentOrElse(
                        keycloak -> add(endpoints, config, services, keycloak),
                        () -> {
                            LOG.warn("nobody can log in here: JAN_KEYCLOAK_URL is not set");
                            addUnavailable(endpoints, LOGIN);
                            addUnavailable(endpoints, OTHERS);
                        });
    }

    private static void add(
            Endpoints endpoints, IdentityConfig config, Services services, Keycloak keycloak) {
        var client = config.clientId();
        var clock = services.clock();
        new GuestLogin(keycloak, client, clock, services.random()).addTo(endpoints);
        new SessionEndpoints(keycloak.tokens(), client, services.revocations(), clock)
                .addTo(endpoints);
        new Upgrade(keycloak.guests(), client, services.revocations(), clock).addTo(endpoints);
        var states = new LoginState(keycloak.secret(), clock, services.random());
        LoginEndpoints.Setup.of(config)
                .ifPresentOrElse(
                        setup ->
                                new LoginEndpoints(setup, keycloak.tokens(), states, clock)
                                        .addTo(endpoints),
                        () -> addUnavailable(endpoints, LOGIN));
    }

    private static void addUnavailable(Endpoints endpoints, String path) {
        for (var method : List.of("GET", "POST")) {
            endpoints.on(
                    method,
                    path,
                    (_, _) -> {
                        throw ApiProblem.unavailable(
                                "not_configured", "Logging in is not configured on this server.");
                    });
        }
    }
}
