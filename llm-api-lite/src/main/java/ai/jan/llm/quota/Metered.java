// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.quota;

import ai.jan.database.DatabaseUnavailable;
import ai.jan.kit.problem.ApiProblem;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * The meter of one request. Closing it settles, exactly once: with the usage that was told; at what
 * was reserved, if a model was asked but nobody knows what it used; with nothing if none was asked.
 * Used by one thread at a time.
 */
public interface Metered extends AutoCloseable {
    /** Of a request for which the gateway reserved nothing, because its route has no quota. */
    Metered FREE = new Free();

    /**
     * Reserves for more prompt than the gateway knew of: history, instructions.
     *
     * @param tokens at least what they will cost
     * @throws ApiProblem 429 if there is no room for it
     * @throws DatabaseUnavailable if that cannot be told now
     */
    void addPrompt(long tokens);

    /** From now on a model may be working on it. */
    void asked();

    /** What the model server said it used; the last word counts. */
    void used(long promptTokens, long completionTokens);

    /** The same as {@code usage} of chat completions; what is no usage tells nothing. */
    default void used(JsonNode usage) {
        if (usage.path("prompt_tokens").isIntegralNumber()) {
            used(
                    Math.max(usage.path("prompt_tokens").longValue(), 0),
                    Math.max(usage.path("completion_tokens").longValue(), 0));
        }
    }

    /** About so many tokens were generated; the prompt counts as it was reserved. */
    void produced(long completionTokens);

    @Override
    void close();

    /** Counts nothing. */
    final class Free implements Metered {
        private Free() {}

        @Override
        public void addPrompt(long tokens) {
            // there is room for everything
        }

        @Override
        public void asked() {
            // nobody wants to know
        }

        @Override
        public void used(long promptTokens, long completionTokens) {
            // nobody wants to know
        }

        @Override
        public void produced(long completionTokens) {
            // nobody wants to know
        }

        @Override
        public void close() {
            // nothing was reserved
        }
    }
}
