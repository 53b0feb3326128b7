// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.rewrite;

import ai.jan.plugins.json.JsonEdits;
import ai.jan.plugins.json.JsonObject;
import ai.jan.plugins.json.JsonValue;
import ai.jan.plugins.json.JsonValue.Kind;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/** What the operator says before the client does, whichever call it is. */
final class SystemPrompt {
    private static final String INSTRUCTIONS = "instructions";

    private final @Nullable String text;

    SystemPrompt(@Nullable String text) {
        this.text = text;
    }

    /**
     * @throws ai.jan.kit.problem.ApiProblem 400 if there is nothing it could be put before, such as
     *     a prompt of token ids
     */
    void apply(ModelCall call, JsonObject body, JsonEdits edits) {
        if (text == null) {
            return;
        }
        switch (call) {
            case CHAT -> body.present("messages").ifPresent(list -> message(list, text, edits));
            case RESPONSES, INPUT_TOKENS -> instructions(body, text, edits);
            case COMPLETIONS ->
                    body.present("prompt").ifPresent(prompt -> before(prompt, text, edits));
            case EMBEDDINGS -> {} // nobody answers there
        }
    }

    private static void message(JsonValue messages, String text, JsonEdits edits) {
        if (!messages.is(Kind.ARRAY)) {
            throw Refusals.type("messages", "an array", messages);
        }
        var message = new LinkedHashMap<String, String>();
        message.put("role", "system");
        message.put("content", text);
        edits.prependElement(messages, message);
    }

    private static void instructions(JsonObject body, String text, JsonEdits edits) {
        var own = body.present(INSTRUCTIONS);
        if (own.isEmpty()) {
            edits.set(body, INSTRUCTIONS, text);
        } else if (own.get().is(Kind.STRING)) {
            edits.prepend(own.get(), text + "\n\n");
        } else {
            throw Refusals.type(INSTRUCTIONS, "a string", own.get());
        }
    }

    private static void before(JsonValue prompt, String text, JsonEdits edits) {
        if (prompt.is(Kind.STRING)) {
            edits.prepend(prompt, text + "\n\n");
            return;
        }
        if (!prompt.is(Kind.ARRAY)) {
            throw Refusals.type("prompt", "a string", prompt);
        }
        prompt.forEachElement(each -> {
            if (!each.is(Kind.STRING)) {
                throw Refusals.type("prompt", "strings on this route", each);
            }
            edits.prepend(each, text + "\n\n");
        });
    }
}
