// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.proxy;

import ai.jan.gateway.config.Listen;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** Accepts connections on one address, each on a virtual thread of its own. */
final class Listener {
    private static final int BACKLOG = 1024;
    private static final int MAX_CONNECTIONS = 2048;
    private static final int HANDSHAKE_TIMEOUT = 60_000;

    private final ServerSocket server;
    private final Optional<SSLSocketFactory> tls;
    private final Supplier<? extends ClientConnection.Handler> handler;
    private final ScheduledExecutorService timer;
    private final Set<ClientConnection> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean draining;

    Listener(
            Listen listen,
            Optional<SSLSocketFactory> tls,
            Supplier<? extends ClientConnection.Handler> handler,
            ScheduledExecutorService timer)
            throws IOException {
        this.tls = tls;
        this.handler = handler;
        this.timer = timer;
        server = new ServerSocket();
        server.setReuseAddress(true);
        try {
            var host = InetAddress.getByName(listen.host());
            server.bind(new InetSocketAddress(host, listen.port()), BACKLOG);
        } catch (IOException e) {
            server.close();
            throw new IOException("cannot listen on " + listen + ": " + e.getMessage(), e);
        }
    }

    int port() {
        return server.getLocalPort();
    }

    void start() {
        Thread.ofPlatform().name("accept-" + port()).start(this::accept);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var socket = server.accept();
                if (connections.size() >= MAX_CONNECTIONS) {
                    Sockets.close(socket);
                } else {
                    Thread.ofVirtual().name("client").start(() -> serve(socket));
                }
            } catch (IOException e) {
                Thread.onSpinWait(); // closed, or one connection that failed before it began
            }
        }
    }

    private void serve(Socket accepted) {
        try {
            accepted.setTcpNoDelay(true);
            var socket = tls.isPresent() ? secure(accepted, tls.get()) : accepted;
            var connection = new ClientConnection(socket, accepted, handler, timer, () -> draining);
            connections.add(connection);
            try {
                connection.run();
            } finally {
                connections.remove(connection);
            }
        } catch (IOException e) {
            Sockets.close(accepted);
        } catch (InterruptedException e) {
            Sockets.close(accepted);
            Thread.currentThread().interrupt();
        }
    }

    private static Socket secure(Socket accepted, SSLSocketFactory factory) throws IOException {
        accepted.setSoTimeout(HANDSHAKE_TIMEOUT);
        var socket = (SSLSocket) factory.createSocket(accepted, null, accepted.getPort(), true);
        socket.setUseClientMode(false);
        socket.startHandshake();
        accepted.setSoTimeout(0); // from here on there is a deadline
        return socket;
    }

    /** Accepts nothing any more; requests under way go on. */
    void stopAccepting() throws IOException {
        draining = true;
        server.close();
        connections.forEach(ClientConnection::closeIfIdle);
    }

    int connections() {
        return connections.size();
    }

    boolean idle() {
        return connections.isEmpty();
    }

    void closeAll() {
        connections.forEach(ClientConnection::close);
    }
}
