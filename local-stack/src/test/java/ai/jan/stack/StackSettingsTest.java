// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.jan.kit.config.InvalidSettings;
import ai.jan.kit.lifecycle.ProcessFailure;
import ai.jan.stack.StackSettings.ModelChoice;
import ai.jan.stack.service.LlmApi;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StackSettingsTest {
    private static final Path REPOSITORY = Path.of("/repository");

    @Test
    void needsNoneToBeSet() {
        var settings = StackSettings.from(Map.of(), REPOSITORY);

        assertThat(settings.home()).isEqualTo(Path.of("/repository/.jan"));
        assertThat(settings.distributions()).isEqualTo(Path.of("/repository/.jan/dist"));
        assertThat(settings.declaration()).isEmpty();
        assertThat(settings.keycloak()).isTrue();
        assertThat(settings.model()).isEqualTo(new ModelChoice.Automatic());
        assertThat(settings.kong()).isEmpty();
        assertThat(settings.jvm()).contains("-XX:TieredStopAtLevel=1");
        assertThat(settings.maven()).isEqualTo(List.of("mvn", "-B"));
        assertThat(settings.ports().of(Ports.Service.GATEWAY)).isEqualTo(8000);
        assertThat(settings.ports().of(Ports.Service.LLM_API)).isEqualTo(8080);
        assertThat(settings.ports().of(Ports.Service.MCP_TOOLS)).isEqualTo(8091);
        assertThat(settings.ports().of(Ports.Service.KEYCLOAK)).isEqualTo(8085);
        assertThat(settings.ports().of(Ports.Service.DATABASE))
                .as("not PostgreSQL's own, which many machines use already")
                .isEqualTo(15432);
        assertThat(settings.ports().of(Ports.Service.MODEL)).isEqualTo(8101);
    }

    @Test
    void takesAllFromTheEnvironment() {
        var settings =
                StackSettings.from(
                        Map.of(
                                "JAN_HOME", "target/home",
                                "JAN_DIST", "/shared/dist",
                                "JAN_KEYCLOAK", "off",
                                "JAN_VLLM_URL", "http://gpu:8000/v1",
                                "JAN_MVN", "mvn -B -Dmaven.repo.local=/tmp/m2",
                                "JAN_DATABASE_LIBRARIES", "pg_stat_statements",
                                "JAN_LLM_API_HEAP_MEGABYTES", "1024",
                                "JAN_HTTP_MAX_REQUESTS", "20000",
                                "JAN_DATABASE_PORT", "0"),
                        REPOSITORY);

        assertThat(settings.home()).isEqualTo(Path.of("/repository/target/home"));
        assertThat(settings.distributions()).isEqualTo(Path.of("/shared/dist"));
        assertThat(settings.keycloak()).isFalse();
        assertThat(settings.model())
                .isEqualTo(new ModelChoice.Backend(URI.create("http://gpu:8000/v1")));
        assertThat(settings.maven()).contains("-Dmaven.repo.local=/tmp/m2");
        assertThat(settings.databaseLibraries()).isEqualTo("pg_stat_statements");
        assertThat(settings.llmApi()).isEqualTo(new LlmApi.Size(1024, 20_000));
        assertThat(settings.ports().of(Ports.Service.DATABASE)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"JAN_GATEWAY_PROT,8001", "JAN_GATEWAY_PORT,http", "JAN_VLLM_URL,gpu:8000"})
    void refusesWhatItDoesNotUnderstand(String name, String value) {
        assertThatThrownBy(() -> StackSettings.from(Map.of(name, value), REPOSITORY))
                .isInstanceOfSatisfying(
                        InvalidSettings.class,
                        invalid ->
                                assertThat(invalid.problems())
                                        .singleElement()
                                        .asString()
                                        .contains(name));
    }

    @Test
    void takesTheOptionsOfTheImages() {
        var settings =
                StackSettings.from(Map.of("JAN_JVM", "images"), Path.of("..").toAbsolutePath());
        assertThat(settings.jvm())
                .contains("-XX:+UseSerialGC")
                .doesNotContain("-XX:TieredStopAtLevel=1")
                .noneMatch(option -> option.contains("RAM"));
    }

    @ParameterizedTest
    @CsvSource({
        "JAN_KEYCLOAK,maybe",
        "JAN_MODEL,gpt",
        "JAN_JVM,fast",
        "JAN_MODEL_FILE,/no/such.gguf",
        "JAN_KONG_YML,no/such.yml",
        "KONG_BIN,/no/such/kong"
    })
    void refusesAChoiceThatDoesNotExist(String name, String value) {
        assertThatThrownBy(() -> StackSettings.from(Map.of(name, value), REPOSITORY))
                .isInstanceOfSatisfying(
                        ProcessFailure.class,
                        failure -> {
                            assertThat(failure.status()).isEqualTo(78);
                            assertThat(failure).hasMessageContaining(name);
                        });
    }
}
