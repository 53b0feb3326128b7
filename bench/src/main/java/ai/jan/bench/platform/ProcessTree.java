// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * A process with all that it has started, as Linux accounts for them. Reads {@code /proc}, so the
 * processes must be this user's.
 *
 * @param pid of the first
 */
public record ProcessTree(long pid) {
    private static final double TICKS_PER_SECOND = 100; // on every Linux
    private static final Pattern SHARE = Pattern.compile("(?m)^Pss:\\s+(\\d+) kB");
    private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB");
    private static final Pattern PEAK = Pattern.compile("(?m)^VmHWM:\\s+(\\d+) kB");
    private static final String FORGET_PEAK = "5";

    /** How a number is found in the files of one process. */
    private interface Reading {
        double of(Path process) throws IOException;
    }

    /** Seconds of a processor that they have used so far, ended ones included. */
    public double processorSeconds() throws IOException {
        return sum(process -> {
            var stat = Files.readString(process.resolve("stat"));
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            long ticks = 0;
            for (int i = 11; i <= 14; i++) { // own in user and kernel mode, ended children's
                ticks += Long.parseLong(fields[i]);
            }
            return ticks / TICKS_PER_SECOND;
        });
    }

    /** Bytes of memory that they hold now; what several share is counted once. */
    public long memoryBytes() throws IOException {
        return (long) sum(process -> kilobytes(process.resolve("smaps_rollup"), SHARE) * 1024);
    }

    /** The most bytes that the first of them held since {@link #forgetPeak}. */
    public long peakBytes() throws IOException {
        return (long) (kilobytes(folder(pid).resolve("status"), PEAK) * 1024);
    }

    /** Bytes of memory that the first of them holds now. Cheap enough to be read often. */
    public long residentBytes() throws IOException {
        return (long) (kilobytes(folder(pid).resolve("status"), RESIDENT) * 1024);
    }

    public void forgetPeak() throws IOException {
        Files.writeString(folder(pid).resolve("clear_refs"), FORGET_PEAK);
    }

    private double sum(Reading reading) throws IOException {
        double sum = reading.of(folder(pid)); // fails if it is not there any more
        var children =
                ProcessHandle.of(pid).stream()
                        .flatMap(ProcessHandle::descendants)
                        .mapToLong(ProcessHandle::pid);
        for (long child : children.toArray()) {
            try {
                sum += reading.of(folder(child));
            } catch (NoSuchFileException e) {
                // ended meanwhile; its time is its parent's from now on
            }
        }
        return sum;
    }

    private static double kilobytes(Path file, Pattern pattern) throws IOException {
        var matcher = pattern.matcher(Files.readString(file));
        if (!matcher.find()) {
            throw new IOException(file + " does not tell its memory");
        }
        return Double.parseDouble(matcher.group(1));
    }

    private static Path folder(long pid) {
        return Path.of("/proc", String.valueOf(pid));
    }
}
