// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.relay;

import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * What is changed in an answer on its way to the client; everything else stays byte for byte as the
 * model server wrote it.
 *
 * @param model the name it was asked for by, which replaces the server's own
 * @param id of an answer that is stored, which replaces the server's: theirs need not be unique
 * @param conversation the answer belongs to, in an additional member of the answer, or of the first
 *     chunk of a stream. (Jan's original sent it as a chunk of its own without {@code choices},
 *     which strict parsers refuse; a chunk with empty {@code choices} breaks clients that look at
 *     {@code choices[0]}, and one behind the usage chunk confuses accumulators. An additional
 *     member is what every client skips that does not know it.)
 * @param showsUsage whether the client of a stream asked for its usage; else the chunk that carries
 *     it, and the member in all others, are taken out
 */
public record Changes(
        String model, Optional<String> id, Optional<String> conversation, boolean showsUsage) {
    /** For an answer that is not kept. */
    public static Changes of(String model, boolean showsUsage) {
        return new Changes(model, Optional.empty(), Optional.empty(), showsUsage);
    }

    /** A whole answer with the changes made. */
    String answer(String text, ObjectNode answer) {
        var edit = new JsonEdit(text);
        boolean named = names(edit, answer);
        boolean marked = isMarked(edit);
        return named || marked ? edit.apply() : text;
    }

    /**
     * A chunk of a stream with the changes made.
     *
     * @return nothing if the client is not to see it, the very text if there is nothing to change
     */
    Optional<String> chunk(String text, ObjectNode chunk, boolean first) {
        var edit = new JsonEdit(text);
        boolean changed = names(edit, chunk);
        if (!showsUsage && chunk.has("usage")) {
            if (chunk.path("usage").isObject() && chunk.path("choices").isEmpty()) {
                return Optional.empty();
            }
            edit.remove("usage");
            changed = true;
        }
        if (chunk.has("error")) {
            edit.remove("error"); // even null is an error to OpenAI's client for Java
            changed = true;
        }
        if (first) {
            changed |= isMarked(edit);
        }
        return Optional.of(changed ? edit.apply().replace("\n", "") : text);
    }

    private boolean names(JsonEdit edit, ObjectNode answer) {
        boolean changed = false;
        if (!answer.path("model").asText().equals(model)) {
            edit.set("model", Json.text(model));
            changed = true;
        }
        if (id.isPresent()) {
            edit.set("id", Json.text(id.get()));
            changed = true;
        }
        return changed;
    }

    private boolean isMarked(JsonEdit edit) {
        conversation.ifPresent(
                name -> edit.set("conversation", "{\"id\":" + Json.text(name) + "}"));
        return conversation.isPresent();
    }
}
