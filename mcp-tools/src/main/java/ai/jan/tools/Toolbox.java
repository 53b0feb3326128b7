// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools;

import ai.jan.kit.metrics.ToolMetrics;
import ai.jan.tools.bridge.UpstreamConfig;
import ai.jan.tools.bridge.Upstreams;
import ai.jan.tools.mcp.ToolServer;
import ai.jan.tools.tool.Guarded;
import ai.jan.tools.tool.Tool;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** The tools that are configured, and what they run on. */
final class Toolbox implements AutoCloseable {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(30);

    private final List<Tool> tools;
    private final List<UpstreamConfig> upstreams;
    private final ToolMetrics metrics;
    private final Clock clock;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private @Nullable Upstreams bridge;

    /**
     * @param tools ours
     * @param upstreams other servers
     */
    Toolbox(List<Tool> tools, List<UpstreamConfig> upstreams, ToolMetrics metrics, Clock clock) {
        this.tools = List.copyOf(tools);
        this.upstreams = List.copyOf(upstreams);
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Offers the tools; those of other servers when and as long as they are there. */
    void offerAt(ToolServer server) {
        tools.forEach(tool -> server.add(guarded(tool)));
        bridge =
                Upstreams.start(
                        upstreams,
                        new Upstreams.Shelf() {
                            @Override
                            public void add(Tool tool) {
                                server.add(guarded(tool));
                            }

                            @Override
                            public void remove(String name) {
                                server.remove(name);
                            }
                        },
                        BETWEEN_LOOKS);
    }

    private Guarded guarded(Tool tool) {
        return new Guarded(tool, threads, metrics, clock);
    }

    @Override
    public void close() {
        var started = bridge;
        if (started != null) {
            started.close();
        }
        threads.shutdownNow();
    }
}
