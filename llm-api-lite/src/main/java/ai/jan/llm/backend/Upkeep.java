// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.backend;

import ai.jan.database.DatabaseUnavailable;
import ai.jan.kit.lifecycle.ProcessFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Once a second: takes over the backends file if its content changed, looks which models are
 * switched off, and asks the servers whether they live of which no request has told for long.
 */
public final class Upkeep implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Upkeep.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final Duration UNHEARD_OF = Duration.ofSeconds(10);

    private final Path file;
    private final Map<String, String> environment;
    private final Models models;
    private final ModelSwitches switches;
    private final Thread thread;
    private byte[] content;
    private boolean switchesUnknown;

    private Upkeep(
            Path file,
            byte[] content,
            Map<String, String> environment,
            Models models,
            ModelSwitches switches) {
        this.file = file;
        this.content = content;
        this.environment = environment;
        this.models = models;
        this.switches = switches;
        this.thread = Thread.ofVirtual().name("upkeep").unstarted(this::run);
    }

    /**
     * Looks after models that were made of this file.
     *
     * @param environment with the keys that the file refers to
     * @throws IOException if the file cannot be read
     */
    public static Upkeep start(
            Path file, Map<String, String> environment, Models models, ModelSwitches switches)
            throws IOException {
        var upkeep = new Upkeep(file, Files.readAllBytes(file), environment, models, switches);
        upkeep.lookAtSwitches();
        upkeep.thread.start();
        return upkeep;
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep(PERIOD);
                lookAtFile();
                lookAtSwitches();
                models.backends().stream()
                        .filter(backend -> backend.health().isUnknown(UNHEARD_OF))
                        .forEach(Backend::probe);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    /** By content: a file that Kubernetes mounts keeps its name and changes what it points to. */
    private void lookAtFile() {
        try {
            var now = Files.readAllBytes(file);
            if (Arrays.equals(now, content)) {
                return;
            }
            content = now;
            var backends = BackendsFile.read(file, environment);
            models.replace(backends, Files.getLastModifiedTime(file).toInstant());
            log.info("{} was read again: {} backends", file.getFileName(), backends.size());
        } catch (ProcessFailure e) {
            kept(e.lines());
        } catch (IOException e) {
            if (content.length > 0) {
                content = new byte[0];
                kept(List.of("it cannot be read"));
            }
        }
    }

    private void kept(List<String> problems) {
        log.error(
                "{} has changed and is wrong; the backends stay as they were since {}: {}",
                file.getFileName(),
                models.since().truncatedTo(ChronoUnit.SECONDS),
                String.join("; ", problems));
    }

    /** What cannot be told now stays as it was. */
    private void lookAtSwitches() {
        try {
            models.switchOff(switches.off());
            switchesUnknown = false;
        } catch (DatabaseUnavailable | JdbiException e) {
            if (!switchesUnknown) {
                log.warn("it is not known which models are switched off", e);
            }
            switchesUnknown = true;
        }
    }
}
