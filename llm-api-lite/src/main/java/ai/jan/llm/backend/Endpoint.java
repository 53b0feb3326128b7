// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.backend;

/** What a model server can be asked for; the paths are OpenAI's, below the base of its API. */
public enum Endpoint {
    CHAT("/chat/completions"),
    COMPLETIONS("/completions"),
    EMBEDDINGS("/embeddings");

    private final String path;

    Endpoint(String path) {
        this.path = path;
    }

    String path() {
        return path;
    }
}
