// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.model;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Continues conversations. Thread-safe. */
interface Engine extends AutoCloseable {
    /**
     * How to choose the next token; what is absent is up to the engine.
     *
     * @param maxTokens the most to generate, if there is a limit
     */
    record Sampling(
            Optional<Integer> maxTokens,
            Optional<Double> temperature,
            Optional<Double> topP,
            Optional<Double> frequencyPenalty,
            Optional<Double> presencePenalty,
            Optional<Integer> seed) {}

    /** The name clients ask for. */
    String model();

    /** How many tokens a conversation and its answer may have, if there is a limit. */
    OptionalInt context();

    /** How many conversations are continued at the same time. */
    int slots();

    /**
     * Begins an answer.
     *
     * @throws ai.jan.kit.problem.ApiProblem if the conversation does not fit into the model
     */
    Generation begin(List<Message> messages, Sampling sampling);

    @Override
    void close();

    /** One answer in the making. For one thread, which it may block; it is not a virtual one. */
    interface Generation {
        int promptTokens();

        /** The next piece of text, or nothing at the end. */
        Optional<String> next();

        /** How many tokens were generated so far. */
        int completionTokens();

        /** Whether it ended, or would have to end, because of a limit. */
        boolean isCutOff();

        /** Stops it before its end. */
        void cancel();
    }
}
