// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.jan.kit.config.Settings;
import ai.jan.kit.lifecycle.ProcessFailure;
import java.net.ServerSocket;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PortsIT {
    @Test
    void namesEveryPortThatIsTakenAndWhatToSet() throws Exception {
        try (var taken = new ServerSocket(0, 1, Ports.loopback());
                var everywhere = new ServerSocket(0)) {
            var ports =
                    free(
                            Map.of(
                                    "JAN_GATEWAY_PORT",
                                    String.valueOf(taken.getLocalPort()),
                                    "JAN_MODEL_PORT",
                                    String.valueOf(everywhere.getLocalPort())));

            assertThatThrownBy(() -> ports.claimed(EnumSet.allOf(Ports.Service.class)))
                    .isInstanceOfSatisfying(
                            ProcessFailure.class,
                            failure -> {
                                assertThat(failure.status()).isEqualTo(69);
                                assertThat(failure.lines())
                                        .singleElement()
                                        .asString()
                                        .contains(taken.getLocalPort() + " (JAN_GATEWAY_PORT)")
                                        .contains(everywhere.getLocalPort() + " (JAN_MODEL_PORT)");
                            });
        }
    }

    @Test
    void doesNotMindAPortOfAServiceThatIsNotStarted() throws Exception {
        try (var taken = new ServerSocket(0, 1, Ports.loopback())) {
            var ports = free(Map.of("JAN_KEYCLOAK_PORT", String.valueOf(taken.getLocalPort())));

            assertThat(ports.claimed(EnumSet.of(Ports.Service.GATEWAY)).of(Ports.Service.KEYCLOAK))
                    .isEqualTo(taken.getLocalPort());
        }
    }

    @Test
    void choosesADifferentFreePortForEveryZero() {
        var ports = free(Map.of()).claimed(EnumSet.allOf(Ports.Service.class));

        assertThat(new HashSet<>(ports.numbers().values()))
                .hasSize(Ports.Service.values().length)
                .doesNotContain(0);
    }

    private static Ports free(Map<String, String> chosen) {
        var environment = new HashMap<String, String>();
        for (var name :
                new String[] {
                    "GATEWAY",
                    "LLM_API",
                    "MCP_TOOLS",
                    "KEYCLOAK",
                    "KEYCLOAK_MANAGEMENT",
                    "DATABASE",
                    "MODEL",
                    "STATUS"
                }) {
            environment.put("JAN_" + name + "_PORT", "0");
        }
        environment.putAll(chosen);
        return Ports.from(new Settings(environment));
    }
}
