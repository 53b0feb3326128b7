// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.embed;

import ai.jan.kit.config.Secret;
import ai.jan.kit.config.Settings;
import java.net.URI;
import java.util.Optional;

/**
 * Who turns texts into vectors: a backend that speaks OpenAI's {@code /v1/embeddings}, or, if none
 * is named, the small model that is part of this program.
 *
 * @param backend its address up to and with {@code /v1}
 * @param model as it is called there
 * @param key if it wants one
 */
public record EmbeddingSettings(Optional<URI> backend, String model, Optional<Secret> key) {
    /**
     * Reads {@code JAN_EMBEDDINGS_URL}, {@code JAN_EMBEDDINGS_MODEL} and {@code
     * JAN_EMBEDDINGS_API_KEY}.
     */
    public static EmbeddingSettings from(Settings settings) {
        return new EmbeddingSettings(
                settings.optionalUrl("JAN_EMBEDDINGS_URL", "http://vllm:8000/v1"),
                settings.textOr("JAN_EMBEDDINGS_MODEL", "default"),
                settings.optionalSecret("JAN_EMBEDDINGS_API_KEY", 1));
    }
}
