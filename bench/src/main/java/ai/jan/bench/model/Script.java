// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.model;

import java.time.Duration;
import java.util.Locale;

/**
 * How the model answers one request. It is written into the prompt, so that it passes any gateway:
 * {@code [[name=a first=20ms gap=5ms tokens=128 status=200 silent=never letters=0]]}.
 *
 * @param name by which the request is found again; may be empty
 * @param first from the request to the first token
 * @param gap from one token to the next
 * @param tokens how many there are
 * @param status of the answer; from 400 on there are no tokens
 * @param silent when nothing comes any more
 * @param letters by which each token of a stream is longer than it need be
 */
public record Script(
        String name,
        Duration first,
        Duration gap,
        int tokens,
        int status,
        Silence silent,
        int letters) {
    /** An answer of 16 tokens at once. */
    public static final Script QUICK =
            new Script("", Duration.ZERO, Duration.ZERO, 16, 200, Silence.NEVER, 0);

    /** Where an answer gets stuck. */
    public enum Silence {
        NEVER,
        BEFORE_HEAD,
        BEFORE_FIRST_TOKEN,
        BETWEEN_TOKENS
    }

    public Script withTokens(int count) {
        return new Script(name, first, gap, count, status, silent, letters);
    }

    public Script withTimes(Duration toFirst, Duration between) {
        return new Script(name, toFirst, between, tokens, status, silent, letters);
    }

    public Script named(String other) {
        return new Script(other, first, gap, tokens, status, silent, letters);
    }

    public Script silent(Silence when) {
        return new Script(name, first, gap, tokens, status, when, letters);
    }

    public Script failing(int code) {
        return new Script(name, first, gap, tokens, code, silent, letters);
    }

    public Script withLetters(int count) {
        return new Script(name, first, gap, tokens, status, silent, count);
    }

    /** As it stands in a prompt. */
    public String text() {
        return "[[name=%s first=%dus gap=%dus tokens=%d status=%d silent=%s letters=%d]]"
                .formatted(
                        name,
                        first.toNanos() / 1000,
                        gap.toNanos() / 1000,
                        tokens,
                        status,
                        silent.name().toLowerCase(Locale.ROOT),
                        letters);
    }

    /** The last one in a text; without one, {@link #QUICK}. */
    static Script in(String text) {
        int start = text.lastIndexOf("[[");
        int end = text.indexOf("]]", Math.max(start, 0));
        if (start < 0 || end < 0) {
            return QUICK;
        }
        var script = QUICK;
        for (var word : text.substring(start + 2, end).strip().split(" +", -1)) {
            int equals = word.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("not name=value: " + word);
            }
            script = script.with(word.substring(0, equals), word.substring(equals + 1));
        }
        return script;
    }

    private Script with(String field, String value) {
        return switch (field) {
            case "name" -> named(value);
            case "first" -> withTimes(time(value), gap);
            case "gap" -> withTimes(first, time(value));
            case "tokens" -> withTokens(Integer.parseInt(value));
            case "status" -> failing(Integer.parseInt(value));
            case "silent" -> silent(Silence.valueOf(value.toUpperCase(Locale.ROOT)));
            case "letters" -> withLetters(Integer.parseInt(value));
            default -> throw new IllegalArgumentException("unknown: " + field);
        };
    }

    private static Duration time(String text) {
        if (text.endsWith("us")) {
            return Duration.ofNanos(Long.parseLong(text.substring(0, text.length() - 2)) * 1000);
        }
        if (text.endsWith("ms")) {
            return Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)));
        }
        throw new IllegalArgumentException("not a time in us or ms: " + text);
    }
}
