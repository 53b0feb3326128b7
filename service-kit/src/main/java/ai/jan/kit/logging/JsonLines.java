// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.logging;

import ai.jan.kit.config.Secret;
import ai.jan.kit.json.Json;
import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * Writes an event as one line of JSON: {@code time}, {@code level}, {@code logger}, {@code
 * message}, the event's own pairs beside them, and {@code exception}.
 *
 * <p>What a pair may hold is decided by its type: text, numbers, truth values, durations (as
 * seconds) and enums are written, a {@link Secret} is not, and of anything else only its class.
 */
public final class JsonLines extends EncoderBase<ILoggingEvent> {
    private static final byte[] NOTHING = {};

    private final ThrowableProxyConverter throwables = new ThrowableProxyConverter();

    @Override
    public void start() {
        throwables.start();
        super.start();
    }

    @Override
    public byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        var line =
                Json.object()
                        .put("time", event.getInstant().toString())
                        .put("level", event.getLevel().toString())
                        .put("logger", shortened(event.getLoggerName()))
                        .put("message", event.getFormattedMessage());
        @Nullable List<KeyValuePair> pairs = event.getKeyValuePairs();
        if (pairs != null) {
            pairs.forEach(pair -> put(line, pair.key, pair.value));
        }
        if (event.getThrowableProxy() != null) {
            line.put("exception", throwables.convert(event));
        }
        return (Json.text(line) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static void put(ObjectNode line, String name, @Nullable Object value) {
        switch (value) {
            case null -> {} // nothing is known
            case Secret _ -> line.put(name, "***");
            case String text -> line.put(name, text);
            case Integer number -> line.put(name, number);
            case Long number -> line.put(name, number);
            case Double number -> line.put(name, number);
            case Boolean truth -> line.put(name, truth);
            case Duration duration -> line.put(name, duration.toMillis() / 1e3);
            case Enum<?> one -> line.put(name, one.name());
            default -> line.put(name, value.getClass().getSimpleName());
        }
    }

    private static String shortened(String logger) {
        return logger.substring(logger.lastIndexOf('.') + 1);
    }
}
