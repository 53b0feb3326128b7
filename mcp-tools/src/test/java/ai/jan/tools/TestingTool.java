// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools;

import ai.jan.kit.identity.Identity;
import ai.jan.kit.json.Json;
import ai.jan.tools.tool.Answer;
import ai.jan.tools.tool.Arguments;
import ai.jan.tools.tool.Limits;
import ai.jan.tools.tool.Tool;
import ai.jan.tools.tool.ToolDefinition;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;

/** A tool that says what it was asked and by whom, or does whatever a test wants. */
class TestingTool implements Tool {
    private static final String DEFINITION =
            """
            {"name": "%s", "description": "Says it again.",
             "inputSchema": {"type": "object", "required": ["text"],
               "properties": {"text": {"type": "string"}, "times": {"type": "integer", "maximum": 9}}},
             "outputSchema": {"type": "object", "required": ["said"],
               "properties": {"said": {"type": "string"}, "to": {"type": "string"}}}}
            """;

    private final ToolDefinition definition;
    private final Limits limits;

    TestingTool(String name) {
        this(name, new Limits(Duration.ofSeconds(30), 8));
    }

    TestingTool(String name, Limits limits) {
        this.limits = limits;
        try {
            this.definition =
                    new ToolDefinition(name, (ObjectNode) Json.parse(DEFINITION.formatted(name)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public ToolDefinition definition() {
        return definition;
    }

    @Override
    public Limits limits() {
        return limits;
    }

    @Override
    public Answer call(Identity caller, Arguments arguments)
            throws IOException, InterruptedException {
        return new Answer.Structured(
                Json.object().put("said", arguments.text("text")).put("to", caller.subject()));
    }
}
