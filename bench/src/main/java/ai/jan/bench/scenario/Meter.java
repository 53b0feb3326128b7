// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.scenario;

import ai.jan.bench.platform.ProcessTree;
import ai.jan.bench.report.Result.Used;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Adds up what processes use while it runs; it is stopped while only the model is asked. */
final class Meter {
    private static final double MEGABYTE = 1024 * 1024;

    /** A process, what its clock said when the meter was started, and the sum so far. */
    private static final class Reading {
        private final ProcessTree process;
        private double before;
        private double sum;

        Reading(ProcessTree process) {
            this.process = process;
        }
    }

    /** Where a process is found, as it is now. */
    @FunctionalInterface
    interface Processes {
        ProcessTree process(String name) throws IOException;
    }

    private final Processes processes;
    private final Map<String, Reading> readings = new LinkedHashMap<>();

    Meter(List<String> names, Processes processes) throws IOException {
        this.processes = processes;
        for (var name : names) {
            var process = processes.process(name);
            process.forgetPeak();
            readings.put(name, new Reading(process));
        }
    }

    void start() throws IOException {
        for (var reading : readings.values()) {
            reading.before = reading.process.processorSeconds();
        }
    }

    void stop() throws IOException {
        for (var reading : readings.values()) {
            reading.sum += reading.process.processorSeconds() - reading.before;
        }
    }

    /**
     * What was used while it ran.
     *
     * @throws IOException if a process has ended, or was started again
     */
    List<Used> used() throws IOException {
        var used = new ArrayList<Used>();
        for (var reading : readings.entrySet()) {
            var process = reading.getValue().process;
            if (!process.equals(processes.process(reading.getKey()))) {
                throw new IOException(reading.getKey() + " was started again meanwhile");
            }
            used.add(
                    new Used(
                            reading.getKey(),
                            reading.getValue().sum,
                            process.memoryBytes() / MEGABYTE,
                            process.peakBytes() / MEGABYTE));
        }
        return used;
    }
}
