// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.chat;

import ai.jan.llm.validation.Fields;
import ai.jan.llm.validation.Invalid;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.List;

/** What a chat request may say about tools, and about functions, as they were called before. */
final class ToolRules {
    private static final int MAX_TOOLS = 128;
    private static final List<String> TYPES = List.of("function", "custom");
    private static final List<String> CHOICES = List.of("none", "auto", "required");

    private ToolRules() {}

    /**
     * @throws ai.jan.kit.problem.ApiProblem 400 if something is wrong with it
     */
    static void check(Fields fields) {
        fields.array("functions")
                .ifPresent(functions -> {
                    checkSize(functions, "functions");
                    for (int i = 0; i < functions.size(); i++) {
                        checkFunction(Fields.of(functions.get(i), "functions[" + i + "]"));
                    }
                });
        fields.array("tools")
                .ifPresent(tools -> {
                    checkSize(tools, "tools");
                    for (int i = 0; i < tools.size(); i++) {
                        checkTool(Fields.of(tools.get(i), "tools[" + i + "]"));
                    }
                });
        fields.value("tool_choice").ifPresent(ToolRules::checkChoice);
        fields.flag("parallel_tool_calls");
    }

    private static void checkSize(ArrayNode array, String path) {
        if (array.size() > MAX_TOOLS) {
            throw Invalid.tooMany(path, MAX_TOOLS, array.size());
        }
    }

    private static void checkTool(Fields tool) {
        tool.required("type");
        var type = tool.oneOf("type", TYPES).orElseThrow();
        if (type.equals("function")) {
            checkFunction(tool.requiredObject(type));
        } else {
            checkName(tool.requiredObject(type));
        }
    }

    private static void checkFunction(Fields function) {
        checkName(function);
        function.text("description");
        function.object("parameters");
        function.flag("strict");
    }

    private static void checkName(Fields named) {
        if (named.requiredText("name").isEmpty()) {
            throw Invalid.emptyText(named.path("name"));
        }
    }

    private static void checkChoice(JsonNode choice) {
        if (choice.isTextual()) {
            if (!CHOICES.contains(choice.textValue())) {
                throw Invalid.value("tool_choice", CHOICES);
            }
        } else if (choice.isObject()) {
            var fields = Fields.of(choice, "tool_choice");
            if (fields.requiredText("type").equals("function")) {
                fields.requiredObject("function").requiredText("name");
            }
        } else {
            throw Invalid.type("tool_choice", "a string or an object", choice);
        }
    }
}
