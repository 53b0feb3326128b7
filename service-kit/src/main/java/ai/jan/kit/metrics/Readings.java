// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.metrics;

import io.prometheus.client.Collector;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** A metric whose values are read when Prometheus asks, from where they are kept anyway. */
final class Readings extends Collector {
    /**
     * @param labels values of the labels, in their order
     */
    record Reading(double value, List<String> labels) {
        static Reading of(double value, String... labels) {
            return new Reading(value, List.of(labels));
        }
    }

    private final String name;
    private final Type type;
    private final String help;
    private final List<String> labels;
    private final Supplier<List<Reading>> readings;

    private Readings(
            String name,
            Type type,
            String help,
            String[] labels,
            Supplier<List<Reading>> readings) {
        this.name = name;
        this.type = type;
        this.help = help;
        this.labels = Arrays.asList(labels);
        this.readings = readings;
    }

    static Readings gauge(
            String name, String help, Supplier<List<Reading>> readings, String... labels) {
        return new Readings(name, Type.GAUGE, help, labels, readings);
    }

    /**
     * @param name with {@code _total}
     */
    static Readings counter(
            String name, String help, Supplier<List<Reading>> readings, String... labels) {
        return new Readings(name, Type.COUNTER, help, labels, readings);
    }

    @Override
    public List<MetricFamilySamples> collect() {
        var samples =
                readings.get().stream()
                        .map(reading ->
                                new MetricFamilySamples.Sample(
                                        name, labels, reading.labels, reading.value))
                        .toList();
        return List.of(new MetricFamilySamples(name, type, help, samples));
    }
}
