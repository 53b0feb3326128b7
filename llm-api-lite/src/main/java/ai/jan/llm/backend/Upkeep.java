// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.backend;

import ai.jan.kit.lifecycle.ProcessFailure;
import ai.jan.kit.lifecycle.Recurring;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
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
    private final Recurring backendsWatch;
    private final Recurring switchesWatch;
    private byte[] content;

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
        this.backendsWatch =
                Recurring.start(
                        "backends",
                        Recurring.Rhythm.every(PERIOD),
                        "the backends cannot be looked after",
                        this::lookAfterBackends);
        this.switchesWatch =
                Recurring.start(
                        "model-switches",
                        Recurring.Rhythm.every(PERIOD).startingAfter(Duration.ZERO),
                        "it is not known which models are switched off",
                        () -> models.switchOff(switches.off()));
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
        return new Upkeep(file, Files.readAllBytes(file), environment, models, switches);
    }

    @Override
    public void close() {
        backendsWatch.close();
        switchesWatch.close();
    }

    private void lookAfterBackends() {
        lookAtFile();
        models.backends().stream()
                .filter(backend -> backend.health().isUnknown(UNHEARD_OF))
                .forEach(Backend::probe);
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
}
