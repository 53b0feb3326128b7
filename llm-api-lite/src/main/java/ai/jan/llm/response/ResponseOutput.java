// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.response;

import ai.jan.kit.http.ClientGone;
import ai.jan.kit.json.Json;
import ai.jan.llm.backend.UpstreamFailure;
import ai.jan.llm.objects.Ids;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the items of a response out of the chunks of a chat completion, one after the other, and
 * tells every step (contract 7.4). Used by one thread.
 */
final class ResponseOutput {
    private static final int MAX_TEXT = 16 * 1024 * 1024;

    private final Events events;
    private final List<ObjectNode> closed = new ArrayList<>();
    private @Nullable OutputItem open;
    private int openCall = -1;
    private int nextCall;
    private int length;
    private String finishReason = "";
    private JsonNode usage = Json.object().missingNode();

    ResponseOutput(Events events) {
        this.events = events;
    }

    /**
     * Takes in one chunk of a stream.
     *
     * @throws UpstreamFailure if it makes no sense
     */
    void add(JsonNode chunk) throws ClientGone, UpstreamFailure {
        if (chunk.path("usage").isObject()) {
            usage = chunk.path("usage");
        }
        for (var choice : chunk.path("choices")) {
            if (choice.path("index").asInt() == 0) {
                delta(choice.path("delta"), choice.at("/logprobs/content"));
                finishReason = choice.path("finish_reason").asText(finishReason);
            }
        }
    }

    /** Takes in a whole answer as if it were one chunk. */
    void addWhole(JsonNode completion) throws ClientGone, UpstreamFailure {
        var chunk = Json.object();
        chunk.set("usage", completion.path("usage"));
        var choice = chunk.putArray("choices").addObject();
        var whole = completion.path("choices").path(0);
        choice.set("logprobs", whole.path("logprobs"));
        choice.set("finish_reason", whole.path("finish_reason"));
        var delta = choice.putObject("delta");
        whole.path("message").properties().forEach(m -> delta.set(m.getKey(), m.getValue()));
        int index = 0;
        for (var call : delta.path("tool_calls")) {
            ((ObjectNode) call).put("index", index++);
        }
        add(chunk);
    }

    /** Whether there is anything to keep. */
    boolean saidSomething() {
        return open != null || !closed.isEmpty();
    }

    /** Ends the last item; an answer without any is an empty message. */
    void complete() throws ClientGone {
        if (!saidSomething()) {
            message().beEmpty();
        }
        closeItem(incompleteReason() == null ? "completed" : "incomplete");
    }

    /** The items as they are; one that is not complete says so. */
    List<ObjectNode> items() {
        var all = new ArrayList<>(closed);
        if (open != null) {
            all.add(open.json("incomplete"));
        }
        return all;
    }

    /** Why the model stopped before it was done, or null if it was. */
    @Nullable String incompleteReason() {
        return switch (finishReason) {
            case "length" -> "max_output_tokens";
            case "content_filter" -> "content_filter";
            default -> null;
        };
    }

    /** What the model server said it used, in its own words; missing if it did not. */
    JsonNode usage() {
        return usage;
    }

    private void delta(JsonNode delta, JsonNode logprobs) throws ClientGone, UpstreamFailure {
        // vLLM has used both names.
        var thought = delta.path("reasoning_content").asText(delta.path("reasoning").asText(""));
        if (!thought.isEmpty()) {
            counted(thought);
            reasoning().text(thought);
        }
        var text = delta.path("content").asText("");
        if (!text.isEmpty()) {
            counted(text);
            message().text(text, logprobs);
        }
        var refusal = delta.path("refusal").asText("");
        if (!refusal.isEmpty()) {
            counted(refusal);
            message().refusal(refusal);
        }
        for (var call : delta.path("tool_calls")) {
            call(call);
        }
    }

    private void call(JsonNode delta) throws ClientGone, UpstreamFailure {
        int index = delta.path("index").asInt(nextCall);
        var function = delta.path("function");
        if (index >= nextCall) {
            closeItem("completed");
            nextCall = index + 1;
            openCall = index;
            var id = delta.path("id").asText("");
            begin(
                    new CallItem(
                            closed.size(),
                            events,
                            id.isEmpty() ? Ids.call() : id,
                            function.path("name").asText("")));
        }
        if (index != openCall || !(open instanceof CallItem call)) {
            throw UpstreamFailure.garbage("a tool call that goes on after another one began");
        }
        var arguments = function.path("arguments").asText("");
        if (!arguments.isEmpty()) {
            counted(arguments);
            call.arguments(arguments);
        }
    }

    private MessageItem message() throws ClientGone {
        return open instanceof MessageItem message
                ? message
                : begin(new MessageItem(closeAndCount(), events));
    }

    private ReasoningItem reasoning() throws ClientGone {
        return open instanceof ReasoningItem reasoning
                ? reasoning
                : begin(new ReasoningItem(closeAndCount(), events));
    }

    private <T extends OutputItem> T begin(T item) throws ClientGone {
        open = item;
        item.open();
        return item;
    }

    private int closeAndCount() throws ClientGone {
        closeItem("completed");
        return closed.size();
    }

    private void closeItem(String status) throws ClientGone {
        if (open != null) {
            closed.add(open.close(status));
            open = null;
        }
    }

    private void counted(String text) throws UpstreamFailure {
        length += text.length();
        if (length > MAX_TEXT) {
            throw UpstreamFailure.garbage("an answer of more than 16 million characters");
        }
    }
}
