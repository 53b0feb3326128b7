// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.peers;

import ai.jan.bench.load.Seen;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/**
 * What was seen of a contender in one round, or the medians of several. Times in milliseconds; NaN
 * is what there is none of, such as tokens of an answer that is no stream.
 *
 * @param requests answered in a second
 * @param p50 from the request to the end of the answer
 * @param first from the request to the first token
 * @param token from the model's sending a token to the client's having it
 * @param cpuRequest milliseconds of a processor for a request
 * @param cpuToken microseconds of a processor for a token
 */
record Figures(
        double requests,
        double p50,
        double p99,
        double first,
        double token,
        double token99,
        double cpuRequest,
        double cpuToken) {
    /**
     * @param seconds from the first request to the last answer
     * @param cpu seconds of a processor; NaN if it is not known
     */
    static Figures of(Seen seen, double seconds, double cpu) {
        long answers = seen.whole().getTotalCount();
        return new Figures(
                answers / seconds,
                millis(seen.whole(), 50),
                millis(seen.whole(), 99),
                millis(seen.firstToken(), 50),
                millis(seen.onTheWay(), 50),
                millis(seen.onTheWay(), 99),
                cpu / answers * 1e3,
                seen.tokens() == 0 ? Double.NaN : cpu / seen.tokens() * 1e6);
    }

    static Figures median(List<Figures> rounds) {
        return new Figures(
                median(rounds, Figures::requests),
                median(rounds, Figures::p50),
                median(rounds, Figures::p99),
                median(rounds, Figures::first),
                median(rounds, Figures::token),
                median(rounds, Figures::token99),
                median(rounds, Figures::cpuRequest),
                median(rounds, Figures::cpuToken));
    }

    private static double median(List<Figures> rounds, ToDoubleFunction<Figures> figure) {
        var sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static double millis(Histogram times, double percentile) {
        return times.getTotalCount() == 0
                ? Double.NaN
                : times.getValueAtPercentile(percentile) / 1e6;
    }
}
