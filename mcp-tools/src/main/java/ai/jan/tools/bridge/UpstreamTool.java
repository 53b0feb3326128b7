// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.bridge;

import ai.jan.kit.identity.Identity;
import ai.jan.tools.tool.Answer;
import ai.jan.tools.tool.Arguments;
import ai.jan.tools.tool.Limits;
import ai.jan.tools.tool.Tool;
import ai.jan.tools.tool.ToolDefinition;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;

/** A tool of another server, under that server's name and ours for it: {@code server__tool}. */
final class UpstreamTool implements Tool {
    private static final Limits LIMITS =
            new Limits(Upstream.ANSWER.plus(Duration.ofSeconds(15)), 16);

    private final Upstream upstream;
    private final String nameThere;
    private final ToolDefinition definition;

    /**
     * @param essence the definition as the other server has it
     */
    UpstreamTool(Upstream upstream, ObjectNode essence) {
        this.upstream = upstream;
        this.nameThere = essence.path("name").asText();
        var name = name(upstream.config().name(), nameThere);
        this.definition = new ToolDefinition(name, essence.deepCopy().put("name", name));
    }

    static String name(String server, String tool) {
        return server + "__" + tool;
    }

    @Override
    public ToolDefinition definition() {
        return definition;
    }

    @Override
    public Limits limits() {
        return LIMITS;
    }

    @Override
    public Answer call(Identity caller, Arguments arguments) throws IOException {
        return new Answer.Foreign(upstream.call(nameThere, arguments.json()));
    }
}
