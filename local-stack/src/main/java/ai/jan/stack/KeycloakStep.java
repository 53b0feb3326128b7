// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack;

import ai.jan.stack.service.Keycloak;
import java.io.IOException;
import java.nio.file.Path;

/** Keycloak: fetched while the rest starts, built and started when a chat works already. */
final class KeycloakStep {
    private final Run run;

    KeycloakStep(Run run) {
        this.run = run;
    }

    Path fetch() throws InterruptedException {
        return run.distributions().keycloak(run.repository().keycloakVersion());
    }

    void start(Path distribution) throws IOException, InterruptedException {
        var keycloak =
                new Keycloak(
                        distribution,
                        run.home().resolve("keycloak"),
                        run.port(Ports.Service.KEYCLOAK),
                        run.port(Ports.Service.KEYCLOAK_MANAGEMENT),
                        run.secrets());
        try (var _ = run.terminal().during("starting Keycloak")) {
            keycloak.prepare(
                    run.repository().file("keycloak-realm/realm-jan.json"),
                    run.distributions(),
                    run.supervisor());
            run.start(keycloak.launch());
        }
    }
}
