// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.backend;

import java.time.Duration;

/**
 * How long a model server may take.
 *
 * @param firstToken from the request to the first event of a stream
 * @param betweenTokens from one event to the next
 * @param answer for a whole answer that is not streamed
 * @param probe for an answer to {@code GET /models}, which is asked when it has been silent for
 *     twice as long; three missed in a row and it is given up before the other deadlines
 * @param queue for a place, when as many requests are under way as it is given at once
 */
public record Deadlines(
        Duration firstToken,
        Duration betweenTokens,
        Duration answer,
        Duration probe,
        Duration queue) {
    /** OpenAI's clients wait 600 seconds. */
    public static final Deadlines DEFAULT =
            new Deadlines(
                    Duration.ofSeconds(300),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(600),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(30));

    public Deadlines(Duration firstToken, Duration betweenTokens, Duration answer, Duration probe) {
        this(firstToken, betweenTokens, answer, probe, DEFAULT.queue);
    }
}
