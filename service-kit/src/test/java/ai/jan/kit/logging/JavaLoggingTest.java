// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class JavaLoggingTest {
    private static final String LIBRARY = "a.library.that.talks";

    private final AtomicLong now = new AtomicLong();
    private final JavaLogging handler = new JavaLogging(now::get);
    private final ListAppender<ILoggingEvent> heard = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(LIBRARY);

    @BeforeEach
    void listen() {
        heard.start();
        logger.addAppender(heard);
        logger.setAdditive(false);
    }

    @AfterEach
    void leave() {
        logger.detachAppender(heard);
    }

    @Test
    void handsOnWhatWasSaidWithItsLevelAndItsCause() {
        var entry = entry(Level.SEVERE, "{0} of {1} are lost");
        entry.setParameters(new Object[] {2, 7});
        entry.setThrown(new IllegalStateException("no"));
        handler.publish(entry);

        assertThat(heard.list)
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.getFormattedMessage()).isEqualTo("2 of 7 are lost");
                    assertThat(event.getLevel().toString()).isEqualTo("ERROR");
                    assertThat(event.getThrowableProxy().getMessage()).isEqualTo("no");
                });
    }

    @Test
    void writesALineAMinuteAndSaysHowManyItDidNot() {
        for (int i = 0; i < 10; i++) {
            handler.publish(entry(Level.WARNING, "it fails"));
        }
        handler.publish(entry(Level.SEVERE, "it fails for good"));
        assertThat(texts()).containsExactly("it fails", "it fails for good");

        now.set(TimeUnit.MINUTES.toNanos(1));
        handler.publish(entry(Level.WARNING, "it fails again"));
        assertThat(texts()).last().isEqualTo("it fails again");
        assertThat(heard.list.getLast().getKeyValuePairs())
                .singleElement()
                .satisfies(pair -> {
                    assertThat(pair.key).isEqualTo("left_out");
                    assertThat(pair.value).isEqualTo(9L);
                });

        now.addAndGet(TimeUnit.MINUTES.toNanos(1));
        handler.publish(entry(Level.WARNING, "and again"));
        assertThat(heard.list.getLast().getKeyValuePairs()).isNull();
    }

    private List<String> texts() {
        return heard.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private static LogRecord entry(Level level, String text) {
        var entry = new LogRecord(level, text);
        entry.setLoggerName(LIBRARY);
        return entry;
    }
}
