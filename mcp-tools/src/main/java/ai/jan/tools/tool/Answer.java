// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.tool;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a tool has to say. */
public sealed interface Answer {
    /** A JSON object: sent as structured content and as a text block with the same JSON. */
    record Structured(ObjectNode value) implements Answer {}

    /** The result of another MCP server's tool, passed on as it is. */
    record Foreign(ObjectNode result) implements Answer {}
}
