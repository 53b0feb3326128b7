// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.content;

import ai.jan.kit.json.Json;
import ai.jan.kit.telemetry.Span;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is said in one request to a model server, told in its span as {@code gen_ai.input.messages}
 * and {@code gen_ai.output.messages}. It reads along, and changes nothing. Used by one thread.
 */
public final class SpanContent {
    private final Span span;
    private final TreeMap<Integer, HeardChoice> choices = new TreeMap<>();
    private int heard;

    private SpanContent(Span span) {
        this.span = span;
    }

    /** Nothing unless the span may tell. */
    public static @Nullable SpanContent of(Span span) {
        return span.takesContent() ? new SpanContent(span) : null;
    }

    /**
     * What the model is asked.
     *
     * @param body of the request
     */
    public void asked(String body) {
        var request = parsed(body);
        var messages = request.has("messages") ? request.path("messages") : prompts(request);
        var told = Messages.input(messages);
        if (!told.isEmpty()) {
            span.with("gen_ai.input.messages", Json.text(told));
        }
    }

    /**
     * A whole answer, or an event of one.
     *
     * @param data what it says; anything but an answer says nothing
     */
    public void heard(String data) {
        for (var choice : parsed(data).path("choices")) {
            var known = choices.get(choice.path("index").asInt());
            if (heard > HeardChoice.MAX_CHARACTERS) {
                if (known != null) {
                    known.end(choice);
                }
            } else if (known != null) {
                heard += known.add(choice);
            } else {
                var fresh = new HeardChoice();
                choices.put(choice.path("index").asInt(), fresh);
                heard += fresh.add(choice) + Messages.PART;
            }
        }
    }

    /** Tells what was heard. */
    public void end() {
        if (!choices.isEmpty()) {
            span.with("gen_ai.output.messages", Json.text(Messages.output(choices.values())));
        }
    }

    /** Of a completion, which has prompts instead of messages. */
    private static JsonNode prompts(JsonNode request) {
        var messages = Json.array();
        var prompt = request.path("prompt");
        for (var text : prompt.isArray() ? prompt : Json.array().add(prompt)) {
            if (text.isTextual()) { // and not tokens
                messages.addObject().put("role", "user").set("content", text);
            }
        }
        return messages;
    }

    private static JsonNode parsed(String json) {
        try {
            return Json.parse(json);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance(); // [DONE], or what others will complain about
        }
    }
}
