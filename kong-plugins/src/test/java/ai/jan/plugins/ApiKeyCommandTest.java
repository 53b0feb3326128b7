// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.jan.kit.lifecycle.ProcessFailure;
import ai.jan.plugins.keys.NewKey;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeyCommandTest {
    private final TestingClock clock = new TestingClock();
    private final ApiKeyCommand command = new ApiKeyCommand(clock, System.out);

    @Test
    void readsItsOptions() {
        assertThat(
                        command.parse(
                                List.of(
                                        "api-key", "create",
                                        "--owner", "7f1c5d0e",
                                        "--name", "my laptop",
                                        "--plan", "pro",
                                        "--roles", "user, admin",
                                        "--scopes", "chat",
                                        "--expires-in", "90d")))
                .isEqualTo(
                        new NewKey(
                                "7f1c5d0e",
                                "my laptop",
                                "pro",
                                Set.of("user", "admin"),
                                Set.of("chat"),
                                null,
                                clock.instant().plus(Duration.ofDays(90))));
    }

    @Test
    void needsOnlyOwnerNameAndPlan() {
        assertThat(command.parse(arguments("api-key create --owner o --name n --plan p")))
                .isEqualTo(new NewKey("o", "n", "p", Set.of(), Set.of(), null, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "api-key",
                "api-key delete",
                "api-key create",
                "api-key create --owner o --name n",
                "api-key create --owner o --name n --plan",
                "api-key create --owner o --name n --plan p --plan q",
                "api-key create --owner o --name n --plan p --color red",
                "api-key create --owner é --name n --plan p",
                "api-key create --owner o --name n --plan Pro!",
                "api-key create --owner o --name n --plan p --expires-in tomorrow",
                "api-key create --owner o --name n --plan p --expires-in 0d"
            })
    void refusesAWrongCommandLine(String line) {
        assertThatThrownBy(() -> command.parse(arguments(line)))
                .isInstanceOfSatisfying(
                        ProcessFailure.class,
                        failure -> assertThat(failure.status()).isEqualTo(64));
    }

    private static List<String> arguments(String line) {
        return Arrays.asList(line.split(" "));
    }
}
