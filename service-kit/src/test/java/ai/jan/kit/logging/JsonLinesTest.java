// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kit.config.Secret;
import ai.jan.kit.json.Json;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class JsonLinesTest {
    private final JsonLines lines = new JsonLines();

    @BeforeEach
    void start() {
        lines.start();
    }

    @Test
    void isOneLineWhateverIsInIt() throws Exception {
        var text =
                encoded(
                        "a \"word\"\nand {} line",
                        new IllegalStateException("no"),
                        "another\u2028");

        assertThat(text.strip().lines()).hasSize(1);
        var line = Json.parse(text);
        assertThat(line.path("level").asText()).isEqualTo("WARN");
        assertThat(line.path("logger").asText()).isEqualTo("Thing");
        assertThat(line.path("message").asText()).isEqualTo("a \"word\"\nand another\u2028 line");
        assertThat(line.path("exception").asText())
                .contains("IllegalStateException: no", "at ai.jan");
        assertThat(line.path("time").asText()).endsWith("Z");
    }

    @Test
    void writesPairsByTheirType() throws Exception {
        var line =
                pairs(
                        new KeyValuePair("status", 200),
                        new KeyValuePair("tokens", 7L),
                        new KeyValuePair("subject", "ada"),
                        new KeyValuePair("took", Duration.ofMillis(1234)),
                        new KeyValuePair("stream", true),
                        new KeyValuePair("unknown", null));

        assertThat(line.path("status").intValue()).isEqualTo(200);
        assertThat(line.path("tokens").intValue()).isEqualTo(7);
        assertThat(line.path("subject").textValue()).isEqualTo("ada");
        assertThat(line.path("took").doubleValue()).isEqualTo(1.234);
        assertThat(line.path("stream").booleanValue()).isTrue();
        assertThat(line.has("unknown")).isFalse();
    }

    @Test
    void writesNoSecretAndNothingThatItDoesNotKnow() throws Exception {
        var line =
                pairs(
                        new KeyValuePair("key", new Secret("very secret")),
                        new KeyValuePair("body", Json.object().put("content", "a prompt")),
                        new KeyValuePair("bytes", "a prompt".getBytes(StandardCharsets.UTF_8)),
                        new KeyValuePair("list", List.of("a prompt")));

        assertThat(line.path("key").textValue()).isEqualTo("***");
        assertThat(line.path("body").textValue()).isEqualTo("ObjectNode");
        assertThat(line.toString()).doesNotContain("very secret").doesNotContain("a prompt");
    }

    private JsonNode pairs(KeyValuePair... pairs) throws Exception {
        var event = event("done", null);
        List.of(pairs).forEach(event::addKeyValuePair);
        return Json.parse(lines.encode(event));
    }

    private String encoded(String message, Throwable failure, Object... arguments) {
        return new String(lines.encode(event(message, failure, arguments)), StandardCharsets.UTF_8);
    }

    private static LoggingEvent event(String message, Throwable failure, Object... arguments) {
        var logger = new LoggerContext().getLogger("ai.jan.some.Thing");
        return new LoggingEvent("fqcn", logger, Level.WARN, message, failure, arguments);
    }
}
