// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.bridge;

import ai.jan.tools.bridge.UpstreamConfig.AllowedTool;
import ai.jan.tools.tool.Tool;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the tools of the other servers on offer: each as long as its definition is the one that was
 * approved. A server that says something else of a tool than before (so that models would do
 * something else with it) loses that tool until the operator has read it. Thread-safe.
 */
public final class Upstreams implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Upstreams.class);

    /** Where tools are offered. */
    public interface Shelf {
        /** Offers a tool, in place of one of the same name. */
        void add(Tool tool);

        void remove(String name);
    }

    private final List<Upstream> upstreams;
    private final Shelf shelf;
    private final Duration pause;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** What is offered now, by our name for it, with its fingerprint. */
    private final Map<String, String> offered = new ConcurrentHashMap<>();

    /** What was seen first, where the operator has named no fingerprint. */
    private final Map<String, String> approved = new ConcurrentHashMap<>();

    private Upstreams(List<Upstream> upstreams, Shelf shelf, Duration pause) {
        this.upstreams = upstreams;
        this.shelf = shelf;
        this.pause = pause;
    }

    /**
     * Begins to look, in the background: a server that is down keeps nothing from starting.
     *
     * @param pause between two looks at the same server
     */
    public static Upstreams start(List<UpstreamConfig> configs, Shelf shelf, Duration pause) {
        var upstreams = new Upstreams(configs.stream().map(Upstream::new).toList(), shelf, pause);
        upstreams.upstreams.forEach(
                upstream -> upstreams.threads.execute(() -> upstreams.watch(upstream)));
        return upstreams;
    }

    private void watch(Upstream upstream) {
        try {
            while (true) {
                look(upstream);
                Thread.sleep(pause);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    private void look(Upstream upstream) {
        try {
            var definitions = new HashMap<String, ObjectNode>();
            upstream.tools().stream()
                    .map(Definitions::essence)
                    .forEach(tool -> definitions.put(tool.path("name").asText(), tool));
            for (var tool : upstream.config().tools()) {
                settle(upstream, tool, definitions.get(tool.name()));
            }
        } catch (IOException e) {
            log.warn("the MCP server '{}' does not answer", upstream.config().name());
        } catch (RuntimeException e) { // or it would never be looked at again
            log.error("the tools of '{}' cannot be offered", upstream.config().name(), e);
        }
    }

    private void settle(Upstream upstream, AllowedTool tool, @Nullable ObjectNode definition) {
        var name = UpstreamTool.name(upstream.config().name(), tool.name());
        if (definition == null) {
            withdraw(name, "is not there");
        } else if (!Definitions.isAcceptable(definition)) {
            withdraw(name, "has a definition that cannot be offered");
        } else {
            var fingerprint = Definitions.fingerprint(definition);
            var wanted =
                    tool.fingerprint()
                            .orElseGet(() -> approved.computeIfAbsent(name, _ -> fingerprint));
            if (!fingerprint.equals(wanted)) {
                withdraw(name, "has another definition than was approved; sha256: " + fingerprint);
            } else if (!fingerprint.equals(offered.get(name))) {
                shelf.add(new UpstreamTool(upstream, definition));
                offered.put(name, fingerprint);
                log.info("offering {} (sha256: {})", name, fingerprint);
            }
        }
    }

    private void withdraw(String name, String why) {
        if (offered.remove(name) != null) {
            shelf.remove(name);
        }
        log.warn("{} is not offered: it {}", name, why);
    }

    @Override
    public void close() {
        threads.shutdownNow();
        upstreams.forEach(Upstream::close);
    }
}
