// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.chat;

import ai.jan.llm.validation.Fields;
import ai.jan.llm.validation.Invalid;
import com.fasterxml.jackson.databind.JsonNode;

/** What the member {@code conversation} of a chat request asks for (Jan contract 1.4). */
sealed interface ConversationUse {
    /** Absent: a plain chat, nothing is kept. */
    record None() implements ConversationUse {}

    /** An id, or an object with one: that conversation goes on. */
    record Continued(String id) implements ConversationUse {}

    /** An empty text or an empty object: a new one, whose id the answer tells. */
    record Started() implements ConversationUse {}

    static ConversationUse of(Fields fields) {
        return fields.value("conversation").map(ConversationUse::of).orElseGet(None::new);
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
        return id.isEmpty() ? new Started() : new Continued(id);
    }
}
