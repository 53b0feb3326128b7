// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.special;

import ai.jan.bench.load.Activity;
import ai.jan.bench.load.Load;
import ai.jan.bench.load.Post;
import ai.jan.bench.load.Rig;
import ai.jan.bench.load.Seen;
import ai.jan.bench.platform.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Tools over MCP: what there is, and a call that needs nothing but the database; of mcp-tools
 * itself, and through the gateway.
 *
 * @param clients at once
 */
public record McpCalls(int clients) implements Activity {
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final Post LIST =
            new Post(
                    "/mcp",
                    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}",
                    "inputSchema");
    private static final Post CALL =
            new Post(
                    "/mcp",
                    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":"
                            + "{\"name\":\"file_search_list\",\"arguments\":{\"limit\":5}}}",
                    "\"has_more\"");

    private record Way(String name, Target target) {}

    @Override
    public Outcome run(Rig rig) throws IOException, InterruptedException {
        var figures = new Figures();
        var seen = new Seen();
        for (var way :
                List.of(
                        new Way("direct", rig.platform().tools()),
                        new Way("gateway", rig.target()))) {
            measure(rig, way, "list", LIST, figures, seen);
            measure(rig, way, "call", CALL, figures, seen);
        }
        return new Outcome(seen, figures.list());
    }

    private void measure(Rig rig, Way way, String what, Post request, Figures figures, Seen seen)
            throws IOException, InterruptedException {
        var many = new Load.Closed(clients);
        var _ = many.run(way.target, request, WARM_UP);
        var alone = new Load.Closed(1).run(way.target, request, rig.duration());
        var tools = rig.platform().process("mcp-tools");
        double before = tools.processorSeconds();
        long begun = System.nanoTime();
        var together = many.run(way.target, request, rig.duration());
        double seconds = (System.nanoTime() - begun) / 1e9;
        double used = tools.processorSeconds() - before;
        long answered = together.whole().getTotalCount();
        var name = what + "_" + way.name;
        figures.times(name + "_alone", alone.whole())
                .times(name, together.whole())
                .add(name + "_per_second", answered / seconds, "1/s")
                .add(name + "_processor", used / Math.max(1, answered) * 1e6, "µs");
        seen.add(alone);
        seen.add(together);
    }
}
