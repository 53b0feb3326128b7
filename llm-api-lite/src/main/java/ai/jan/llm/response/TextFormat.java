// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.response;

import ai.jan.kit.json.Json;
import ai.jan.llm.validation.Fields;
import ai.jan.llm.validation.Invalid;
import ai.jan.llm.validation.ServiceRules;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code text}: what form the answer has, as responses and as chat completions write it. */
final class TextFormat {
    private static final List<String> TYPES = List.of("json_object", "json_schema", "text");
    private static final List<String> OF_A_SCHEMA =
            List.of("name", "description", "schema", "strict");
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

    private TextFormat() {}

    /**
     * @throws ai.jan.kit.problem.ApiProblem 400 if something is wrong with {@code text}
     */
    static void check(Fields fields) {
        fields.value("text")
                .ifPresent(value -> {
                    var text = Fields.of(value, "text");
                    text.oneOf("verbosity", ServiceRules.VERBOSITIES);
                    text.value("format").ifPresent(format -> checkFormat(format, "text.format"));
                });
    }

    private static void checkFormat(JsonNode json, String path) {
        var format = Fields.of(json, path);
        format.required("type");
        if (format.oneOf("type", TYPES).orElseThrow().equals("json_schema")) {
            var name = format.requiredText("name");
            if (!NAME.matcher(name).matches()) {
                throw Invalid.value(
                        format.path("name"), "1 to 64 letters, digits, underscores and dashes");
            }
            Fields.of(format.required("schema"), format.path("schema"));
            format.text("description");
            format.flag("strict");
        }
    }

    /** {@code response_format} of a chat completion; nothing if the answer is plain text. */
    static Optional<ObjectNode> forChat(JsonNode text) {
        var format = text.path("format");
        return switch (format.path("type").asText("text")) {
            case "json_object" -> Optional.of(Json.object().put("type", "json_object"));
            case "json_schema" -> {
                var wanted = Json.object().put("type", "json_schema");
                var schema = wanted.putObject("json_schema");
                for (var name : OF_A_SCHEMA) {
                    if (format.hasNonNull(name)) {
                        schema.set(name, format.path(name));
                    }
                }
                yield Optional.of(wanted);
            }
            default -> Optional.empty();
        };
    }
}
