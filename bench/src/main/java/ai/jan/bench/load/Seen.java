// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.load;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** What clients saw, in nanoseconds. Not thread-safe: they are one thread. */
public final class Seen {
    private static final int DIGITS = 3;

    private final Histogram whole = new Histogram(DIGITS);
    private final Histogram refused = new Histogram(DIGITS);
    private final Histogram firstToken = new Histogram(DIGITS);
    private final Histogram between = new Histogram(DIGITS);
    private final Histogram jitter = new Histogram(DIGITS);
    private final Histogram onTheWay = new Histogram(DIGITS);
    private final Map<String, Integer> failures = new TreeMap<>();
    private long tokens;
    private long betweenNanos;

    /** From when a request was to be made until its answer was complete. */
    public Histogram whole() {
        return whole;
    }

    /** The same of those that were answered with a status from 400 on. */
    public Histogram refused() {
        return refused;
    }

    /** From when a request was to be made until its first token. */
    public Histogram firstToken() {
        return firstToken;
    }

    /** From one token to the next, as the client got them. */
    public Histogram between() {
        return between;
    }

    /** By how much that differs from the time between the two as the model sent them. */
    public Histogram jitter() {
        return jitter;
    }

    /** How long each token took from the model to the client. */
    public Histogram onTheWay() {
        return onTheWay;
    }

    public long tokens() {
        return tokens;
    }

    /**
     * The share of an offered rate at which tokens came: 1 if they came as often as they were to be
     * sent, whether or not the model kept up.
     *
     * @param gap from one token of a stream to the next, as was asked for
     */
    public double carried(Duration gap) {
        return (double) between.getTotalCount() * gap.toNanos() / betweenNanos;
    }

    /** What went wrong, and how often. */
    public Map<String, Integer> failures() {
        return failures;
    }

    /** How often something did. */
    public int failed() {
        return failures.values().stream().mapToInt(Integer::intValue).sum();
    }

    void answered(long nanos) {
        whole.recordValue(Math.max(nanos, 0));
    }

    void refused(int status, long nanos) {
        refused.recordValue(Math.max(nanos, 0));
        failed(String.valueOf(status));
    }

    void failed(String what) {
        failures.merge(what, 1, Integer::sum);
    }

    void first(long nanos) {
        firstToken.recordValue(Math.max(nanos, 0));
    }

    /**
     * The first token of a stream.
     *
     * @param underway how long it took
     */
    void token(long underway) {
        tokens++;
        onTheWay.recordValue(Math.max(underway, 0));
    }

    /**
     * Another token.
     *
     * @param came after the one before
     * @param sent after the one before
     */
    void token(long underway, long came, long sent) {
        token(underway);
        between.recordValue(Math.max(came, 0));
        betweenNanos += came;
        jitter.recordValue(Math.abs(came - sent));
    }

    /** What another client saw, too. */
    public void add(Seen other) {
        whole.add(other.whole);
        refused.add(other.refused);
        firstToken.add(other.firstToken);
        between.add(other.between);
        jitter.add(other.jitter);
        onTheWay.add(other.onTheWay);
        tokens += other.tokens;
        betweenNanos += other.betweenNanos;
        other.failures.forEach((what, count) -> failures.merge(what, count, Integer::sum));
    }
}
