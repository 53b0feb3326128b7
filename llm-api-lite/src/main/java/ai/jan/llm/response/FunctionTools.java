// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.response;

import ai.jan.kit.json.Json;
import ai.jan.llm.validation.Fields;
import ai.jan.llm.validation.Invalid;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The functions that a model may ask the client to call, as responses and as chat completions write
 * them. Tools that a server would have to run itself are refused.
 */
final class FunctionTools {
    private static final int MAX_TOOLS = 128;
    private static final List<String> CHOICES = List.of("none", "auto", "required");
    private static final List<String> OF_A_FUNCTION =
            List.of("name", "description", "parameters", "strict");

    private FunctionTools() {}

    /**
     * @throws ai.jan.kit.problem.ApiProblem 400 if something is wrong with {@code tools} or {@code
     *     tool_choice}
     */
    static void check(Fields fields) {
        var names = new TreeSet<String>();
        fields.array("tools")
                .ifPresent(tools -> {
                    if (tools.size() > MAX_TOOLS) {
                        throw Invalid.tooMany("tools", MAX_TOOLS, tools.size());
                    }
                    for (int i = 0; i < tools.size(); i++) {
                        names.add(checkTool(tools.get(i), "tools[" + i + "]"));
                    }
                });
        fields.value("tool_choice").ifPresent(choice -> checkChoice(choice, names));
    }

    private static String checkTool(JsonNode json, String path) {
        var tool = Fields.of(json, path);
        var type = tool.requiredText("type");
        if (!type.equals("function")) {
            throw RequestRules.unsupported(
                    tool.path("type"),
                    "Tools of type '%s' are not supported by this server: only functions that the client calls."
                            .formatted(type));
        }
        var name = tool.requiredText("name");
        if (name.isEmpty()) {
            throw Invalid.emptyText(tool.path("name"));
        }
        tool.text("description");
        tool.flag("strict");
        tool.value("parameters").ifPresent(schema -> Fields.of(schema, tool.path("parameters")));
        return name;
    }

    private static void checkChoice(JsonNode choice, Set<String> names) {
        if (choice.isTextual()) {
            if (!CHOICES.contains(choice.textValue())) {
                throw Invalid.value("tool_choice", CHOICES);
            }
            return;
        }
        if (!choice.isObject()) {
            throw Invalid.type("tool_choice", "a string or an object", choice);
        }
        var fields = Fields.of(choice, "tool_choice");
        var type = fields.requiredText("type");
        if (!type.equals("function")) {
            throw RequestRules.unsupported(
                    fields.path("type"),
                    "A tool_choice of type '" + type + "' is not supported by this server.");
        }
        if (!names.contains(fields.requiredText("name"))) {
            throw Invalid.value(fields.path("name"), names);
        }
    }

    /** The tools as chat completions want them: what a function is lies one level deeper. */
    static Optional<ArrayNode> forChat(JsonNode tools) {
        if (tools.isEmpty()) {
            return Optional.empty();
        }
        var all = Json.array();
        tools.forEach(tool -> all.add(nested(tool)));
        return Optional.of(all);
    }

    /** The choice as chat completions want it. */
    static JsonNode choiceForChat(JsonNode choice) {
        return choice.isObject() ? nested(choice) : choice;
    }

    private static ObjectNode nested(JsonNode flat) {
        var tool = Json.object().put("type", "function");
        var function = tool.putObject("function");
        for (var name : OF_A_FUNCTION) {
            if (flat.hasNonNull(name)) {
                function.set(name, flat.path(name));
            }
        }
        return tool;
    }
}
