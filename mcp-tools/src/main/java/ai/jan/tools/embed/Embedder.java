// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.embed;

import java.io.IOException;
import java.util.List;

/** Turns texts into vectors; texts that mean the same get similar ones. Thread-safe. */
public interface Embedder extends AutoCloseable {
    /** Who made a vector: only vectors of one model compare. */
    String model();

    /**
     * One vector per text, in order. What a model does not read of a long text does not count.
     *
     * @throws IOException if the model does not answer
     */
    List<Vector> embed(List<String> texts) throws IOException, InterruptedException;

    @Override
    void close();

    /** The backend that is configured, or the model that is part of this program. */
    static Embedder of(EmbeddingSettings settings) {
        return settings.backend()
                .<Embedder>map(url -> new BackendEmbedder(url, settings.model(), settings.key()))
                .orElseGet(MiniLm::new);
    }
}
