// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.chat;

import ai.jan.llm.validation.Fields;
import ai.jan.llm.validation.Invalid;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** What the member {@code conversation} of a chat request asks for (Jan contract 1.4). */
sealed interface ConversationUse {
    /** Absent: a plain chat, nothing is kept. */
    record None() implements ConversationUse {}

    /** An id, or an object with one: that conversation goes on. */
    record Continued(String id) implements ConversationUse {}

    /** An empty text, an empty object, or a referrer: a new one, whose id the answer tells. */
    record Started(Optional<String> referrer) implements ConversationUse {}

    /**
     * @param referrer what the client calls itself, which new conversations remember
     */
    static ConversationUse of(Fields fields, Optional<String> referrer) {
        var use = fields.value("conversation").map(ConversationUse::of).orElseGet(None::new);
        return use instanceof Continued || referrer.isEmpty() ? use : new Started(referrer);
    }

    private static ConversationUse of(JsonNode value) {
        if (value.isTextual()) {
            return of(value.textValue());
        }
        if (!value.isObject()) {
            throw Invalid.type("conversation", "a string or an object", value);
        }
        return of(Fields.of(value, "conversation").text("id").orElse(""));
    }

    private static ConversationUse of(String id) {
        return id.isEmpty() ? new Started(Optional.empty()) : new Continued(id);
    }
}
