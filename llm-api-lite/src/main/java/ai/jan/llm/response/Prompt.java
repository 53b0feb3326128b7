// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.response;

import ai.jan.kit.problem.ApiProblem;
import ai.jan.llm.chat.History;
import ai.jan.llm.conversation.NewItem;
import ai.jan.llm.validation.Invalid;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * All that a model is to read for a response.
 *
 * @param unforeseen how many tokens of it, at most, the request itself did not show: history, the
 *     project's instruction, items that are only referred to
 */
record Prompt(List<ObjectNode> messages, long unforeseen) {

    /**
     * @param context of the model in tokens, if known
     * @throws ApiProblem 400 if there is nothing, or more than can be read at once and nothing may
     *     be left out
     */
    static Prompt of(ResponseTurn turn, OptionalInt context) {
        var request = turn.request();
        var history = turn.history();
        if (history.more() && !request.truncates()) {
            throw ApiProblem.badRequest(
                    "context_length_exceeded",
                    "input",
                    "What was said before is longer than the maximum context length. Use 'truncation': 'auto' to leave out the oldest of it.");
        }
        var before =
                History.messages(
                        history.more() ? History.fromAQuestion(history.rows()) : history.rows());
        var now = History.messages(turn.input());
        var fitting =
                request.truncates() ? History.trimmed(before, room(context, request, now)) : before;
        if (before.isEmpty() && now.isEmpty()) {
            throw Invalid.missing("input");
        }
        return new Prompt(
                ChatBody.messages(request, turn.instruction(), fitting, now),
                History.tokensAtMost(turn.instruction(), fitting)
                        + History.tokensAtMost(Optional.empty(), referredTo(turn)));
    }

    private static List<ObjectNode> referredTo(ResponseTurn turn) {
        var given = turn.request().input();
        return History.messages(
                IntStream.range(0, given.size())
                        .filter(i -> !(given.get(i) instanceof NewItem.Created))
                        .mapToObj(turn.input()::get)
                        .toList());
    }

    /** What is left of the context for history. */
    private static OptionalInt room(
            OptionalInt context, ResponseRequest request, List<ObjectNode> now) {
        if (context.isEmpty()) {
            return context;
        }
        long needed = History.tokens(now) + request.settings().path("max_output_tokens").asLong(0);
        return OptionalInt.of((int) Math.max(0, context.getAsInt() - needed));
    }
}
