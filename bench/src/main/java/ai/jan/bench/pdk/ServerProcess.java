// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.pdk;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A plugin server that is running, in a folder of its own, and what the kernel says about it. */
final class ServerProcess implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(30);
    private static final Duration END = Duration.ofSeconds(90); // it may have a cache to write
    private static final double TICKS_PER_SECOND = 100; // USER_HZ, on every Linux

    private final Process process;
    private final Path socket;
    private final Duration startTime;

    private ServerProcess(Process process, Path socket, Duration startTime) {
        this.process = process;
        this.socket = socket;
        this.startTime = startTime;
    }

    /** Starts it and waits until it can be connected to. */
    static ServerProcess start(Peer peer, Path work) throws IOException, InterruptedException {
        var folder = Files.createDirectories(work.resolve(peer.name().replace(' ', '-')));
        var socket = folder.resolve(Peer.SOCKET);
        Files.deleteIfExists(socket);
        var log = folder.resolve("server.log");
        var builder =
                new ProcessBuilder(peer.command().apply(socket))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        long start = System.nanoTime();
        var process = builder.start();
        while (!listens(socket)) {
            if (!process.isAlive() || System.nanoTime() - start > START.toNanos()) {
                process.destroyForcibly();
                throw new IOException(peer.name() + " does not listen; its output is in " + log);
            }
            Thread.sleep(1);
        }
        var time = Duration.ofNanos(System.nanoTime() - start);
        return new ServerProcess(process, socket, time);
    }

    private static boolean listens(Path socket) {
        if (!Files.exists(socket)) {
            return false;
        }
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return channel.isConnected();
        } catch (IOException e) {
            return false; // bound, but not listening yet
        }
    }

    Path socket() {
        return socket;
    }

    /** From the start of the process to the first connection. */
    Duration startTime() {
        return startTime;
    }

    /** CPU time used so far, in seconds, in steps of 10 ms. */
    double cpuSeconds() throws IOException {
        return cpuSeconds(process.pid());
    }

    static double cpuSeconds(long pid) throws IOException {
        var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }

    /** Resident memory in MB (of 1,000,000 bytes). */
    double residentMb() throws IOException {
        return status("VmRSS:") * 1024 / 1e6;
    }

    /** The part of it that no file backs, in MB. */
    double anonymousMb() throws IOException {
        return status("RssAnon:") * 1024 / 1e6;
    }

    private double status(String key) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"));
        var line =
                lines.stream()
                        .filter(l -> l.startsWith(key))
                        .findFirst()
                        .orElseThrow(() -> new IOException("no " + key));
        return Double.parseDouble(line.replaceAll("[^0-9]", ""));
    }

    /** Tells it to end, and waits. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(END.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
