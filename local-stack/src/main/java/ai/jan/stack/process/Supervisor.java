// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.process;

import ai.jan.kit.lifecycle.ProcessFailure;
import ai.jan.stack.Terminal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/** All processes of a stack: starts them, knows their ids, stops them. Thread-safe. */
public final class Supervisor implements AutoCloseable {
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(10);

    private final Path logs;
    private final Terminal terminal;
    private final ProcessRecords records;
    private final Duration stopDeadline;
    private final List<Child> children = new CopyOnWriteArrayList<>();
    private final List<Process> tools = new CopyOnWriteArrayList<>();
    private volatile Runnable onChange = () -> {};
    private final AtomicBoolean stopped = new AtomicBoolean();

    /**
     * @param logs the folder that gets one log per process
     */
    public Supervisor(Path logs, Terminal terminal, ProcessRecords records) {
        this(logs, terminal, records, STOP_DEADLINE);
    }

    Supervisor(Path logs, Terminal terminal, ProcessRecords records, Duration stopDeadline) {
        this.logs = logs;
        this.stopDeadline = stopDeadline;
        this.terminal = terminal;
        this.records = records;
    }

    /** Starts a process; the caller waits for it with {@link Child#awaitReady}. */
    public synchronized Child start(Launch launch) throws InterruptedException {
        if (stopped.get()) {
            throw new InterruptedException("the stack is being stopped");
        }
        var log = logs.resolve(launch.name() + ".log");
        keepOneOlder(log);
        var child = new Child(launch, log, terminal, records, () -> onChange.run());
        children.add(child);
        return child;
    }

    private void keepOneOlder(Path log) {
        try {
            if (Files.exists(log)) {
                Files.move(
                        log,
                        logs.resolve(log.getFileName() + ".old"),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Runs a command to its end.
     *
     * @param what names it in an error, such as {@code the migration}
     * @return what it wrote to its standard output, at most 64 KiB
     * @throws ProcessFailure if it did not end well in time
     */
    public String run(
            String what,
            List<String> command,
            Map<String, String> environment,
            Path folder,
            Duration deadline)
            throws InterruptedException {
        return Tool.run(this, what, command, environment, folder, logs, "", deadline);
    }

    /** As {@link #run}, with a text for the command's standard input. */
    public String runWithInput(
            String what,
            List<String> command,
            Map<String, String> environment,
            Path folder,
            String input,
            Duration deadline)
            throws InterruptedException {
        return Tool.run(this, what, command, environment, folder, logs, input, deadline);
    }

    synchronized void toolStarted(Process tool) {
        tools.add(tool);
        if (stopped.get()) {
            tool.destroyForcibly();
        }
    }

    void toolEnded(Process tool) {
        tools.remove(tool);
    }

    /** Called whenever a process was started again and has another id. */
    public void onChange(Runnable action) {
        onChange = action;
    }

    /** The process ids by name, in the order of their start. */
    public Map<String, Long> pids() {
        var pids = new LinkedHashMap<String, Long>();
        children.forEach(child -> pids.put(child.name(), child.pid()));
        return pids;
    }

    /** Stops all, wave by wave, each process within a deadline. */
    @Override
    public void close() {
        synchronized (this) {
            if (!stopped.compareAndSet(false, true)) {
                return;
            }
        }
        for (var tool : tools) {
            tool.descendants().forEach(ProcessHandle::destroyForcibly);
            tool.destroyForcibly();
        }
        try {
            for (var wave : Launch.Wave.values()) {
                stop(wave);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void stop(Launch.Wave wave) throws InterruptedException {
        var threads =
                children.stream()
                        .filter(child -> child.wave() == wave)
                        .map(child -> Thread.ofVirtual().start(() -> stop(child)))
                        .toList();
        for (var thread : threads) {
            thread.join();
        }
    }

    /** Stops one process for good. */
    public void discard(Child child) {
        stop(child);
        children.remove(child);
    }

    private void stop(Child child) {
        try {
            child.stop(stopDeadline);
        } catch (IOException e) {
            terminal.say("could not note the end of " + child.name() + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
