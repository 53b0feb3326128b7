// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kong.pdk.logging.KongLogProvider;
import ai.jan.kong.testkit.EventOutcome.Completed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/** Where the lines go that plugins log with SLF4J. */
class LoggingIT extends ServedScript {
    private static Logger logger(Optional<Path> file, Level level) {
        return new KongLogProvider(file, level)
                .getLoggerFactory()
                .getLogger("com.example.Accounts");
    }

    @Test
    void anEventsLinesGoToKongWithTheirLevel() throws Exception {
        var log = logger(Optional.empty(), Level.DEBUG);

        var outcome =
                run((kong, config) -> {
                    log.warn("{} of {}\nforged", 3, 4);
                    log.info("below the server's level");
                    log.error("broken", new IllegalStateException("why"));
                });

        assertThat(outcome).isEqualTo(new Completed());
        assertThat(host.calls).containsExactly("kong.log.warn", "kong.log.err");
        assertThat(host.log.getFirst()).isEqualTo("[scripted] Accounts: 3 of 4 | forged");
        assertThat(host.log.getLast())
                .startsWith("[scripted] Accounts: broken | java.lang.IllegalStateException: why")
                .contains("LoggingIT")
                .doesNotContain("\n");
        assertThat(report().roundTrips()).isZero();
    }

    @Test
    void aLineAfterTheExitDoesNoHarm() throws Exception {
        var log = logger(Optional.empty(), Level.INFO);

        var outcome =
                run((kong, config) -> {
                    try {
                        throw kong.response().exitJson(403, "{}");
                    } finally {
                        log.error("after the exit");
                    }
                });

        assertThat(outcome).isInstanceOf(EventOutcome.Exited.class);
        assertThat(host.log).isEmpty();
    }

    @Test
    void withAFileAllLinesGoThereThatAreSevereEnough() throws Exception {
        var file = directory.resolve("plugins.log");
        var log = logger(Optional.of(file), Level.WARN);

        log.warn("outside");
        log.info("not severe enough");
        run((kong, config) -> log.error("inside"));

        while (Files.readAllLines(file).size() < 2) { // written by another thread
            Thread.sleep(10);
        }
        assertThat(Files.readAllLines(file))
                .satisfiesExactly(
                        line -> assertThat(line).endsWith(" WARN Accounts: outside"),
                        line -> assertThat(line).endsWith(" ERROR Accounts: inside"));
        assertThat(host.calls).isEmpty();
    }
}
