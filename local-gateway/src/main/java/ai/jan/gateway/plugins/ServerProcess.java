// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.plugins;

import ai.jan.gateway.config.Settings;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A plugin server that the gateway starts, as Kong does: {@code exec} and the command through the
 * shell, an environment of nothing, its output in our log, started again a second after it ended.
 */
final class ServerProcess {
    private static final Logger LOG = LoggerFactory.getLogger(ServerProcess.class);
    private static final int SPAWN_MILLIS = 1000;
    private static final int STOP_SECONDS = 2;

    private final String name;
    private final ProcessBuilder builder;
    private final Thread keeper;

    ServerProcess(Settings.PluginServer server, String command) {
        this.name = server.name();
        this.builder =
                new ProcessBuilder("/bin/sh", "-c", "exec " + command).redirectErrorStream(true);
        builder.environment().clear();
        this.keeper = Thread.ofVirtual().name("plugin-server-" + name).start(this::keep);
    }

    private void keep() {
        try {
            while (true) {
                long started = System.nanoTime();
                run();
                long passed = (System.nanoTime() - started) / 1_000_000;
                Thread.sleep(Math.max(0, SPAWN_MILLIS - passed));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // stopped
        }
    }

    private void run() throws InterruptedException {
        try {
            var process = builder.start();
            Thread.ofVirtual().start(() -> log(process));
            try {
                LOG.info("plugin server {} ended with status {}", name, process.waitFor());
            } finally {
                process.destroy();
                stop(process);
            }
        } catch (IOException e) {
            LOG.error("plugin server {} does not start: {}", name, e.getMessage());
        }
    }

    private static void stop(Process process) {
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void log(Process process) {
        try (var lines = process.inputReader()) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                LOG.info("[{}:{}] {}", name, process.pid(), line);
            }
        } catch (IOException e) {
            LOG.debug("plugin server {} closed its output", name);
        }
    }

    void stop() throws InterruptedException {
        keeper.interrupt();
        keeper.join();
    }
}
