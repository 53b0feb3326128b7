// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.special;

import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A process and those it has started, which do not run: they answer nothing, and nobody is told
 * that they do not. They run again when this is closed, also if this process is ended meanwhile.
 */
public final class Freeze implements Closeable {
    private final String pids;
    private final Process shell;
    private final Writer commands;
    private final Thread hook = new Thread(this::thaw, "thaw");

    private Freeze(long pid) throws IOException {
        var process =
                ProcessHandle.of(pid)
                        .orElseThrow(() -> new IOException("there is no process " + pid));
        pids =
                Stream.concat(Stream.of(process), process.descendants())
                        .map(one -> String.valueOf(one.pid()))
                        .collect(Collectors.joining(" "));
        shell =
                new ProcessBuilder("sh")
                        .inheritIO()
                        .redirectInput(ProcessBuilder.Redirect.PIPE)
                        .start();
        commands = shell.outputWriter(StandardCharsets.US_ASCII);
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** For good. */
    public static Freeze whole(long pid) throws IOException {
        var freeze = new Freeze(pid);
        freeze.signal("STOP");
        return freeze;
    }

    /**
     * Only for a part of the time, so that they are slow.
     *
     * @param still how long they stand still, each time
     * @param running how long they run then
     */
    public static Freeze partly(long pid, Duration still, Duration running) throws IOException {
        var freeze = new Freeze(pid);
        freeze.command(
                "(while sleep %s; do kill -STOP %s; sleep %s; kill -CONT %s; done) & turns=$!"
                        .formatted(seconds(running), freeze.pids, seconds(still), freeze.pids));
        return freeze;
    }

    @Override
    public void close() throws IOException {
        thaw();
        try {
            if (!shell.waitFor(5, TimeUnit.SECONDS)) {
                throw new IOException("the processes may still stand still: " + pids);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().removeShutdownHook(hook);
    }

    private void thaw() {
        try (commands) {
            commands.write("[ -z \"$turns\" ] || { kill $turns; wait $turns; } 2> /dev/null\n");
            commands.write("kill -CONT " + pids + "\n");
        } catch (IOException e) {
            System.err.println("the processes may still stand still: " + pids + ": " + e);
        }
    }

    private void signal(String name) throws IOException {
        command("kill -" + name + " " + pids);
    }

    private void command(String text) throws IOException {
        commands.write(text + "\n");
        commands.flush();
    }

    private static String seconds(Duration duration) {
        return String.valueOf(duration.toMillis() / 1000.0);
    }
}
