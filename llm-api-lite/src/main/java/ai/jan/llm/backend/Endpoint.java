// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.backend;

/**
 * What a model server can be asked for; the paths are OpenAI's, below the base of its API, the
 * operations OpenTelemetry's.
 */
public enum Endpoint {
    CHAT("/chat/completions", "chat"),
    COMPLETIONS("/completions", "text_completion"),
    EMBEDDINGS("/embeddings", "embeddings");

    private final String path;
    private final String operation;

    Endpoint(String path, String operation) {
        this.path = path;
        this.operation = operation;
    }

    String path() {
        return path;
    }

    String operation() {
        return operation;
    }
}
