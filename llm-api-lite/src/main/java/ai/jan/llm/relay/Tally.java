// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.relay;

import ai.jan.kit.http.Notes;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.llm.backend.UpstreamFailure;
import ai.jan.llm.quota.Metered;
import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * Adds up what a model server says that it used. When it has not said so, because it was stopped,
 * the pieces count that came: vLLM sends a token in each. Not thread-safe.
 */
public final class Tally {
    private final Notes notes;
    private long pieces;
    private @Nullable JsonNode usage;

    /**
     * @param notes of the request: are told of tokens, too
     */
    public Tally(Notes notes) {
        this.notes = notes;
    }

    /** Takes in a whole answer, or a chunk of one. */
    public void add(JsonNode answer) {
        if (answer.path("usage").isObject()) {
            usage = answer.path("usage");
            tell(notes, answer);
        }
        for (var choice : answer.path("choices")) {
            if (saysSomething(choice)) {
                pieces++;
                notes.token();
            }
        }
        tellWhyItEnds(notes, answer);
    }

    /** The answer is complete. */
    public void report(Metered meter) {
        if (usage != null) {
            meter.used(usage);
        } else {
            meter.produced(pieces);
        }
    }

    /**
     * The answer will not be complete. What was produced is charged, with its prompt; a server that
     * failed before that is not, but a client that left before that has kept it busy.
     */
    public void report(Metered meter, Exception failure) {
        boolean itsFault = failure instanceof UpstreamFailure || failure instanceof ApiProblem;
        if (usage != null) {
            meter.used(usage);
        } else if (pieces > 0 || !itsFault) {
            meter.produced(pieces);
        } else {
            meter.used(0, 0);
        }
    }

    /** Tells what an answer says that it used. */
    static void tell(Notes notes, JsonNode answer) {
        var usage = answer.path("usage");
        if (usage.path("prompt_tokens").isIntegralNumber()) {
            notes.used(
                    usage.path("prompt_tokens").asLong(), usage.path("completion_tokens").asLong());
        }
    }

    /** Tells why the choices of an answer, or of a chunk of one, end. */
    static void tellWhyItEnds(Notes notes, JsonNode answer) {
        if (notes.isTraced()) {
            for (var choice : answer.path("choices")) {
                if (choice.path("finish_reason").isTextual()) {
                    notes.finishes(choice.path("finish_reason").textValue());
                }
            }
        }
    }

    private static boolean saysSomething(JsonNode choice) {
        if (!choice.path("text").asText().isEmpty()) {
            return true;
        }
        var delta = choice.path("delta");
        return !delta.path("content").asText().isEmpty()
                || !delta.path("reasoning_content").asText().isEmpty()
                || !delta.path("reasoning").asText().isEmpty()
                || !delta.path("tool_calls").isEmpty();
    }
}
