// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.lifecycle;

import java.util.List;

/**
 * The process cannot do what it was started for. Carries the exit status of the process contract
 * (after sysexits.h) and lines for the person who started it.
 */
public final class ProcessFailure extends RuntimeException {
    static final int USAGE = 64;
    static final int UNAVAILABLE = 69;
    static final int INTERNAL = 70;
    static final int CONFIGURATION = 78;

    private final int status;
    private final List<String> lines;

    private ProcessFailure(int status, List<String> lines) {
        super(String.join("\n", lines));
        this.status = status;
        this.lines = List.copyOf(lines);
    }

    /** 64: the command line is wrong; the lines say how it should be. */
    public static ProcessFailure usage(String... lines) {
        return new ProcessFailure(USAGE, List.of(lines));
    }

    /** 69: something that is needed is not available, such as a port or a database. */
    public static ProcessFailure unavailable(String line) {
        return new ProcessFailure(UNAVAILABLE, List.of(line));
    }

    /** 78: the configuration is wrong; a line for each problem. */
    public static ProcessFailure configuration(List<String> problems) {
        return new ProcessFailure(CONFIGURATION, problems);
    }

    public int status() {
        return status;
    }

    public List<String> lines() {
        return lines;
    }
}
