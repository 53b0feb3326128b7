// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.jan.kit.config.Secret;
import ai.jan.kit.json.Json;
import ai.jan.tools.TestingBackend;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EmbeddersIT {
    @Test
    void theSmallModelKnowsWhatMeansTheSame() throws Exception {
        try (var model = Embedder.of(settings(Optional.empty()))) {
            var vectors =
                    model.embed(
                            List.of(
                                    "The doctor treats the patient.",
                                    "A physician cares for sick people.",
                                    "The train to Hamburg is late."));

            assertThat(vectors.get(0).bytes()).hasSize(384);
            assertThat(vectors.get(0).cosine(vectors.get(1))).isGreaterThan(0.5);
            assertThat(vectors.get(0).cosine(vectors.get(2))).isLessThan(0.2);
            assertThat(vectors.get(0).cosine(vectors.get(0))).isBetween(0.999, 1.001);
        }
    }

    @Test
    void asksABackendAsAnOpenAiClientWould() throws Exception {
        try (var server =
                        new TestingBackend(asked -> {
                            var answer = Json.object();
                            var data = answer.putArray("data");
                            asked.body()
                                    .path("input")
                                    .forEach(_ ->
                                            data.addObject().putArray("embedding").add(3).add(4));
                            return answer;
                        });
                var backend = Embedder.of(settings(Optional.of(server)))) {
            var vectors = backend.embed(Collections.nCopies(100, "text"));

            assertThat(vectors).hasSize(100);
            assertThat(vectors.getFirst().bytes()).containsExactly(76, 102);
            assertThat(server.asked()).hasSize(2);
            assertThat(server.asked().getFirst().uri().getPath()).isEqualTo("/v1/embeddings");
            assertThat(server.asked().getFirst().body().path("model").asText()).isEqualTo("bge");
        }
    }

    @Test
    void aBackendThatForgetsATextHasFailed() throws Exception {
        try (var server = new TestingBackend(_ -> Json.object());
                var backend = Embedder.of(settings(Optional.of(server)))) {
            assertThatThrownBy(() -> backend.embed(List.of("text")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("0 vectors for 1 texts");
        }
    }

    private static EmbeddingSettings settings(Optional<TestingBackend> server) {
        return new EmbeddingSettings(
                server.map(backend -> backend.url().resolve("/v1")),
                "bge",
                Optional.of(new Secret("key")));
    }
}
