// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Has taken the address of a server, accepts every connection and answers whatever is said there
 * with bytes that mean nothing in any protocol.
 */
final class GarbageServer implements AutoCloseable {
    private final ServerSocketChannel listener;
    private final byte[] garbage;
    private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger answers = new AtomicInteger();

    private GarbageServer(ServerSocketChannel listener, byte[] garbage) {
        this.listener = listener;
        this.garbage = garbage;
        Thread.ofVirtual().name("garbage").start(this::accept);
    }

    /** On a port of this machine that its owner has just closed: the system may need a moment. */
    static GarbageServer at(int port, byte[] garbage) throws IOException, InterruptedException {
        var address = new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port);
        var deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (true) {
            var listener = ServerSocketChannel.open(StandardProtocolFamily.INET);
            try {
                return new GarbageServer(listener.bind(address), garbage);
            } catch (BindException e) {
                listener.close();
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                Thread.sleep(20);
            }
        }
    }

    /** On a unix socket, also if somebody else has it: new connections come here. */
    static GarbageServer at(Path socket, byte[] garbage) throws IOException {
        Files.deleteIfExists(socket);
        var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket));
        return new GarbageServer(listener, garbage);
    }

    /** The same bytes every time. */
    static byte[] random() {
        var bytes = new byte[1024];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    /** How often somebody was answered. */
    int answers() {
        return answers.get();
    }

    private void accept() {
        try {
            while (true) {
                var connection = listener.accept();
                connections.add(connection);
                Thread.ofVirtual().start(() -> answer(connection));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void answer(SocketChannel connection) {
        try (connection) {
            var heard = ByteBuffer.allocate(8192);
            while (connection.read(heard.clear()) >= 0) {
                answers.incrementAndGet();
                connection.write(ByteBuffer.wrap(garbage));
            }
        } catch (IOException e) {
            // the client has had enough
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (var connection : connections) {
            connection.close();
        }
    }
}
