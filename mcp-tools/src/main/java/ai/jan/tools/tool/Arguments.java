// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The arguments of one call, which fit the tool's input schema; what the schema cannot say is
 * checked here. An argument of {@code null} counts as absent.
 */
public record Arguments(ObjectNode json) {
    /** A text that says something. */
    public String text(String name) {
        return optionalText(name)
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> ToolFailure.argument(name, "must not be empty."));
    }

    public Optional<String> optionalText(String name) {
        return Optional.ofNullable(json.path(name).textValue());
    }

    public int number(String name, int fallback) {
        return json.path(name).asInt(fallback);
    }

    public boolean flag(String name, boolean fallback) {
        return json.path(name).asBoolean(fallback);
    }

    /** Texts; none if the argument is absent. */
    public List<String> texts(String name) {
        var texts = new ArrayList<String>();
        json.path(name).forEach(text -> texts.add(text.asText()));
        return texts;
    }

    /**
     * Refuses what PostgreSQL's texts cannot hold, the character NUL, in arguments that are texts
     * or lists of texts.
     */
    public void checkStorable(String... names) {
        for (var name : names) {
            var value = json.path(name);
            boolean isText = value.isTextual();
            for (var text : isText ? List.of(value.textValue()) : texts(name)) {
                if (text.indexOf('\0') >= 0) {
                    throw ToolFailure.argument(name, "must not hold the character U+0000.");
                }
            }
        }
    }

    /** An object; an empty one if the argument is absent. */
    public JsonNode object(String name) {
        return json.path(name);
    }
}
