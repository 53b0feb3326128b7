// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.report;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one scenario has shown.
 *
 * @param name of the scenario's file
 * @param target what was measured, as scenario files name it
 * @param gateway {@code none}, {@code local-gateway} or {@code Kong}: never to be left out where a
 *     figure is told
 * @param plugins of ours that were on
 * @param request what was asked, in words
 * @param load how often, in words
 * @param rounds how many turns
 * @param circumstances of the run: day, machine, load before it
 * @param through what clients of the target saw
 * @param direct what clients of the model itself saw in the same turns, if it was asked
 * @param processes what the platform's used meanwhile
 * @param expected failures that belong to the scenario
 */
public record Result(
        String name,
        String title,
        String section,
        String target,
        String gateway,
        List<String> plugins,
        String request,
        String load,
        int rounds,
        String circumstances,
        Side through,
        @Nullable Side direct,
        List<Used> processes,
        List<Figure> figures,
        List<String> expected) {
    public Result {
        plugins = List.copyOf(plugins);
        processes = List.copyOf(processes);
        figures = List.copyOf(figures);
        expected = List.copyOf(expected);
    }

    /**
     * What clients saw.
     *
     * @param seconds for how long requests were made
     * @param requests that were answered to their end
     * @param failures what went wrong, and how often
     * @param whole from when a request was to be made to the end of its answer
     * @param firstToken from then to the first token; empty if there were none
     * @param onTheWay of each token from the model to the client
     * @param jitter by how much two tokens came further apart, or closer, than they were sent
     * @param meanGap milliseconds from one token to the next; 0 without tokens
     */
    public record Side(
            double seconds,
            long requests,
            long tokens,
            Map<String, Integer> failures,
            Curve whole,
            Curve firstToken,
            Curve onTheWay,
            Curve jitter,
            double meanGap) {
        public Side {
            failures = Map.copyOf(failures);
        }
    }

    /**
     * What a process used, with its children.
     *
     * @param processorSeconds while clients asked the target
     * @param memoryMegabytes at the end; what several processes share is counted once
     * @param peakMegabytes the most that the first process held during the scenario
     */
    public record Used(
            String process,
            double processorSeconds,
            double memoryMegabytes,
            double peakMegabytes) {}

    /** A figure by its name, with 0 for one that it does not have. */
    double value(String figure) {
        return figures.stream()
                .filter(each -> each.name().equals(figure))
                .findFirst()
                .map(Figure::value)
                .orElse(0.0);
    }

    /** How many requests failed that should not have. */
    public int unexpectedFailures() {
        int count = unexpected(through.failures());
        return direct == null ? count : count + unexpected(direct.failures());
    }

    private int unexpected(Map<String, Integer> failures) {
        return failures.entrySet().stream()
                .filter(failure -> !expected.contains(failure.getKey()))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }
}
