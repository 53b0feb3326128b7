// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.load;

import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * What clients saw, in nanoseconds. Clients may tell it from any thread; it is read when they have
 * ended.
 */
public final class Seen {
    private static final int DIGITS = 3;

    private final Histogram whole = new Histogram(DIGITS);
    private final Histogram firstToken = new Histogram(DIGITS);
    private final Histogram between = new Histogram(DIGITS);
    private final Histogram onTheWay = new Histogram(DIGITS);
    private final Map<String, Integer> failures = new TreeMap<>();
    private long tokens;

    /** From when a request was to be made until its answer was complete. */
    public Histogram whole() {
        return whole;
    }

    /** From when a request was to be made until its first token. */
    public Histogram firstToken() {
        return firstToken;
    }

    /** From one token to the next, as the client got them. */
    public Histogram between() {
        return between;
    }

    /** How long each token took from the model to the client. */
    public Histogram onTheWay() {
        return onTheWay;
    }

    public long tokens() {
        return tokens;
    }

    /** What went wrong, and how often. */
    public Map<String, Integer> failures() {
        return failures;
    }

    synchronized void answered(long nanos) {
        whole.recordValue(Math.max(nanos, 0));
    }

    synchronized void first(long nanos) {
        firstToken.recordValue(Math.max(nanos, 0));
    }

    synchronized void token(long sentAt, long cameAt, long previous) {
        tokens++;
        onTheWay.recordValue(Math.max(cameAt - sentAt, 0));
        if (previous != 0) {
            between.recordValue(Math.max(cameAt - previous, 0));
        }
    }

    synchronized void failed(String what) {
        failures.merge(what, 1, Integer::sum);
    }

    /** What another client saw, too. */
    public synchronized void add(Seen other) {
        whole.add(other.whole);
        firstToken.add(other.firstToken);
        between.add(other.between);
        onTheWay.add(other.onTheWay);
        tokens += other.tokens;
        other.failures.forEach((what, count) -> failures.merge(what, count, Integer::sum));
    }
}
