// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit;

import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.server.EventReport;
import ai.jan.kong.pdk.server.PluginServer;
import ai.jan.kong.pdk.server.ServerOptions;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A plugin server on a real socket, with a plugin that does what a test says, and a worker. */
@Timeout(30)
abstract class ServedScript {
    static final PluginEntity ENTITY =
            PluginEntity.global(
                    "00000000-0000-4000-8000-000000000001",
                    ScriptedPlugin.NAME,
                    JsonNodeFactory.instance.objectNode().put("text", "b").put("number", 2),
                    1);

    @TempDir Path directory;

    final BlockingQueue<EventReport> reports = new ArrayBlockingQueue<>(100);
    final RecordingHost host = new RecordingHost();
    volatile ScriptedPlugin.Script script = (kong, config) -> {};

    /** What the plugin does when it is closed. */
    volatile ScriptedPlugin.Closing closing = () -> {};

    ServerOptions options = ServerOptions.DEFAULTS.withListener(reports::add);
    PluginServer server;
    KongWorker worker;

    @BeforeEach
    void start() throws Exception {
        server =
                PluginServer.start(
                        directory.resolve("p.sock"),
                        List.of(
                                ScriptedPlugin.definition(
                                        (kong, config) -> script.run(kong, config),
                                        () -> closing.run())),
                        options);
        worker = new KongWorker(server.socket(), Timeouts.of(Duration.ofSeconds(10)));
    }

    @AfterEach
    void stop() throws Exception {
        worker.close();
        server.close();
    }

    EventOutcome run(ScriptedPlugin.Script action) throws InterruptedException {
        return run(Phase.ACCESS, action);
    }

    EventOutcome run(Phase phase, ScriptedPlugin.Script action) throws InterruptedException {
        script = action;
        return worker.run(ENTITY, phase, host);
    }

    EventReport report() throws InterruptedException {
        return reports.poll(5, TimeUnit.SECONDS);
    }

    void restart(ServerOptions newOptions) throws Exception {
        options = newOptions;
        worker.close();
        server.close();
        start();
    }
}
