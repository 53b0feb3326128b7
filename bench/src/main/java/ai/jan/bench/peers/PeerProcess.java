// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.peers;

import ai.jan.bench.model.MockModel;
import ai.jan.bench.platform.Target;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A running {@link Peer}: answers chats, on this machine only. */
final class PeerProcess implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration END = Duration.ofSeconds(15);
    private static final int LOG_TAIL = 2000;

    private final Process process;
    private final Contender contender;

    private PeerProcess(Process process, Contender contender) {
        this.process = process;
        this.contender = contender;
    }

    /**
     * @param port it was told to listen on
     * @param work where its log goes; also its working directory
     * @throws IOException if it does not answer a chat in time, listens for other machines, or does
     *     not do what it is said to have switched on
     */
    static PeerProcess start(Peer peer, int port, Path work)
            throws IOException, InterruptedException {
        if (!peer.isInstalled()) {
            throw new IOException("is not installed");
        }
        Files.createDirectories(work);
        var log = work.resolve("log");
        var command = new ArrayList<>(List.of(peer.program()));
        command.addAll(peer.arguments());
        var builder =
                new ProcessBuilder(command)
                        .directory(work.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
        var environment = builder.environment();
        environment.keySet().retainAll(List.of("PATH", "LANG", "LC_ALL"));
        environment.put("HOME", work.toString());
        environment.putAll(peer.environment());
        var process = builder.start();
        var target =
                new Target(
                        peer.name(),
                        URI.create("http://127.0.0.1:" + port + "/v1"),
                        MockModel.NAME,
                        peer.headers());
        var started =
                new PeerProcess(
                        process,
                        new Contender(peer.name(), target, new Processes(List.of(process.pid()))));
        try {
            started.awaitAnswer();
            Listening.onlyLocally(port);
            if (!peer.limited().isEmpty()) {
                Proofs.keysAndLimits(target, peer.limited());
            }
            return started;
        } catch (IOException e) {
            started.close();
            throw new IOException(e.getMessage() + tail(log), e);
        } catch (InterruptedException e) {
            started.close();
            throw e;
        }
    }

    Contender contender() {
        return contender;
    }

    private void awaitAnswer() throws IOException, InterruptedException {
        long until = System.nanoTime() + START.toNanos();
        var target = contender.target();
        while (Proofs.status(target, target.headers().get()) != 200) {
            if (!process.isAlive() || System.nanoTime() > until) {
                throw new IOException("did not start");
            }
            Thread.sleep(POLL);
        }
    }

    private static String tail(Path log) throws IOException {
        var text = Files.readString(log);
        return "; the end of its log: "
                + text.substring(Math.max(0, text.length() - LOG_TAIL)).strip();
    }

    /** Ends it with all that it has started. */
    @Override
    public void close() {
        var all = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(END.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        all.forEach(ProcessHandle::destroyForcibly);
    }
}
