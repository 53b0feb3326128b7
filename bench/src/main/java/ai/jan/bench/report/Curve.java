// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.report;

import java.util.List;
import java.util.stream.DoubleStream;
import org.HdrHistogram.Histogram;

/**
 * How a time is distributed.
 *
 * @param count of the times
 * @param points by rising percentile
 */
public record Curve(long count, List<Point> points) {
    private static final double[] PERCENTILES = {
        0, 10, 25, 50, 75, 90, 95, 98, 99, 99.5, 99.9, 99.95, 99.99, 100
    };

    /**
     * So many of a hundred times are at most so long.
     *
     * @param milliseconds that are not exceeded
     */
    public record Point(double percentile, double milliseconds) {}

    public Curve {
        points = List.copyOf(points);
    }

    /**
     * @param nanoseconds what was recorded
     */
    public static Curve of(Histogram nanoseconds) {
        return new Curve(
                nanoseconds.getTotalCount(),
                DoubleStream.of(PERCENTILES)
                        .mapToObj(percentile ->
                                new Point(
                                        percentile,
                                        nanoseconds.getValueAtPercentile(percentile) / 1e6))
                        .toList());
    }

    /**
     * Milliseconds that so many of a hundred do not exceed.
     *
     * @param percentile one of those that are kept
     */
    public double at(double percentile) {
        return points.stream()
                .filter(point -> point.percentile() == percentile)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("not kept: " + percentile))
                .milliseconds();
    }
}
