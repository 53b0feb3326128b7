// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.jan.kit.lifecycle.ProcessFailure;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackendsFileIT {
    @TempDir private Path folder;

    @Test
    void readsEverythingThatIsDocumented() throws Exception {
        var backends =
                read(
                        """
                        backends:
                          - name: gpu-1
                            url: http://vllm:8000/v1/
                            api_key_env: VLLM_API_KEY
                            models:
                              - qwen3-8b
                              - id: chat
                                upstream_id: Qwen/Qwen3-8B
                                context: 32768
                                price: {input: 0.20, output: 1}
                            first_token_seconds: 10
                            weight: 3
                            max_requests: 100
                            queue_seconds: 7
                          - {"name": "two", "url": "https://two.example/v1", "models": ["chat"]}
                        """);
        assertThat(backends).hasSize(2);
        var first = backends.getFirst();
        assertThat(first.url()).isEqualTo(URI.create("http://vllm:8000/v1"));
        assertThat(first.apiKey().orElseThrow().reveal()).isEqualTo("secret");
        assertThat(first.models())
                .containsExactly(
                        new ServedModel("qwen3-8b", "qwen3-8b", OptionalInt.empty()),
                        new ServedModel(
                                "chat",
                                "Qwen/Qwen3-8B",
                                OptionalInt.of(32768),
                                Optional.of(new Price(new BigDecimal("0.2"), BigDecimal.ONE))));
        assertThat(first.capacity()).isEqualTo(new Capacity(3, 100));
        assertThat(first.deadlines().queue()).isEqualTo(Duration.ofSeconds(7));
        assertThat(backends.getLast().capacity()).isEqualTo(Capacity.DEFAULT);
        assertThat(first.deadlines().firstToken()).isEqualTo(Duration.ofSeconds(10));
        assertThat(first.deadlines().answer()).isEqualTo(Deadlines.DEFAULT.answer());
        assertThat(first.toString()).doesNotContain("secret");
    }

    @Test
    void tellsAllThatIsWrongAtOnce() {
        assertThat(
                        problems(
                                """
                                backend: []
                                backends:
                                  - name: one
                                    url: localhost:8000
                                    api_key_env: NOT_SET
                                    models: []
                                    probe_seconds: 0
                                  - name: one
                                    models: [a, a, {upstream_id: b, contxt: 5}, {id: p, price: {input: -1}}]
                                """))
                .containsExactlyInAnyOrder(
                        "backends.yml: the file: 'backend' is not known; expected [backends]",
                        "backends.yml: backends[0].url: 'localhost:8000' is not an address such as http://127.0.0.1:8101/v1",
                        "backends.yml: backends[0].api_key_env: the variable NOT_SET is not set",
                        "backends.yml: backends[0].models: expected a list of at least one model",
                        "backends.yml: backends[0].probe_seconds: expected a whole number from 1 to 86400",
                        "backends.yml: backends[1].url: is missing",
                        "backends.yml: backends[1].models[1]: 'a' is there twice",
                        "backends.yml: backends[1].models[2]: 'contxt' is not known; expected [context, id, price, upstream_id]",
                        "backends.yml: backends[1].models[2].id: is missing",
                        "backends.yml: backends[1].models[3].price.input: expected a number that is not negative",
                        "backends.yml: backends[1].models[3].price.output: expected a number that is not negative",
                        "backends.yml: backends[1].name: 'one' is there twice");
    }

    @Test
    void refusesWhatIsNoList() {
        for (var text : List.of("", "[]", "x", "backends:", "backends: []", "backends: 5")) {
            assertThat(problems(text)).as(text).isNotEmpty();
        }
    }

    @Test
    void saysWhereItIsNotYaml() {
        assertThat(problems("backends:\n  - name: [\n")).hasSize(1);
        assertThat(problems("backends:\n  - name: [\n").getFirst()).contains("it is not YAML");
    }

    @Test
    void saysThatTheFileCannotBeRead() {
        var failure =
                catchThrowableOfType(
                        ProcessFailure.class,
                        () -> BackendsFile.read(folder.resolve("none.yml"), Map.of()));
        assertThat(failure.lines().getFirst()).contains("none.yml").contains("cannot be read");
        assertThat(failure.status()).isEqualTo(78);
    }

    private List<String> problems(String text) {
        return catchThrowableOfType(ProcessFailure.class, () -> read(text)).lines();
    }

    private List<BackendConfig> read(String text) throws IOException {
        var file = Files.writeString(folder.resolve("backends.yml"), text);
        return BackendsFile.read(file, Map.of("VLLM_API_KEY", "secret"));
    }
}
