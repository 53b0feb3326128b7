// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.tool;

import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A tool as {@code tools/list} shows it: name, title, description, input and output schema,
 * annotations.
 */
public record ToolDefinition(String name, ObjectNode json) {
    /** Reads one of this module's own definitions, {@code definition/<name>.json}. */
    public static ToolDefinition ours(String name) {
        var resource = "/ai/jan/tools/definition/" + name + ".json";
        try (var in = ToolDefinition.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("no such resource: " + resource);
            }
            return new ToolDefinition(name, (ObjectNode) Json.parse(in.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(resource, e);
        }
    }
}
