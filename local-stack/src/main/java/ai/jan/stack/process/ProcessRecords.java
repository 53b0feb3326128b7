// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Notes in a folder which processes were started, one file each, so that the next start can end
 * what a killed supervisor left behind. A process is recognised by its id together with its start
 * time, because ids are used again. Not for two supervisors at once.
 */
public final class ProcessRecords {
    /** How far apart two readings of one start time can be when the clock is being corrected. */
    private static final Duration TOLERANCE = Duration.ofSeconds(2);

    private final Path folder;

    public ProcessRecords(Path folder) {
        this.folder = folder;
    }

    void started(String name, ProcessHandle process) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(name), process.pid() + " " + startMillis(process) + "\n");
    }

    void ended(String name) throws IOException {
        Files.deleteIfExists(folder.resolve(name));
    }

    /**
     * Ends every recorded process that still runs.
     *
     * @return their names
     */
    public List<String> endLeftovers(Duration deadline) throws IOException, InterruptedException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        var ended = new ArrayList<String>();
        List<Path> records;
        try (var files = Files.list(folder)) {
            records = files.sorted().toList();
        }
        for (var file : records) {
            var leftover = recorded(file);
            if (leftover.isPresent()) {
                Ending.end(leftover.get(), Launch.StopSignal.INT, deadline);
                ended.add(file.getFileName().toString());
            }
            Files.deleteIfExists(file);
        }
        return ended;
    }

    private static Optional<ProcessHandle> recorded(Path file) throws IOException {
        try {
            var fields = Files.readString(file).strip().split(" ", -1);
            if (fields.length != 2) {
                return Optional.empty(); // cut short when the supervisor was killed
            }
            long startMillis = Long.parseLong(fields[1]);
            return ProcessHandle.of(Long.parseLong(fields[0]))
                    .filter(ProcessHandle::isAlive)
                    .filter(process ->
                            Math.abs(startMillis(process) - startMillis) <= TOLERANCE.toMillis());
        } catch (NoSuchFileException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static long startMillis(ProcessHandle process) {
        return process.info().startInstant().map(java.time.Instant::toEpochMilli).orElse(0L);
    }
}
