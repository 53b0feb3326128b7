// SPDX-License-Identifier: Apache-2.0
package ai.jan.database;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A TCP connection to a server on this machine that can be cut, frozen and repaired, so that a test
 * sees what a client does when the server dies or hangs.
 */
public final class TestingLink implements AutoCloseable {
    private enum State {
        WORKING,
        FROZEN,
        CUT
    }

    private final ServerSocket listener;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private State state = State.WORKING;

    private TestingLink(ServerSocket listener, int target) {
        this.listener = listener;
        this.target = target;
    }

    public static TestingLink to(int port) throws IOException {
        var link = new TestingLink(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), port);
        Thread.ofVirtual().name("testing-link").start(link::accept);
        return link;
    }

    /** Where to connect instead of the server, on 127.0.0.1. */
    public int port() {
        return listener.getLocalPort();
    }

    /** How many connections are open now, each of them counted at both ends. */
    public int openConnections() {
        return (int) sockets.stream().filter(socket -> !socket.isClosed()).count();
    }

    /** Closes all connections, and every new one at once: the server is down. */
    public void cut() {
        become(State.CUT);
        sockets.forEach(TestingLink::closeQuietly);
    }

    /** Moves no more bytes, and says nothing about it: the server hangs. */
    public void freeze() {
        become(State.FROZEN);
    }

    public void repair() {
        become(State.WORKING);
    }

    @Override
    public void close() throws IOException {
        cut();
        listener.close();
    }

    private void become(State next) {
        lock.lock();
        try {
            state = next;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var client = listener.accept();
                sockets.add(client);
                if (passes()) {
                    var server = new Socket(InetAddress.getLoopbackAddress(), target);
                    sockets.add(server);
                    Thread.ofVirtual().start(() -> copy(client, server));
                    Thread.ofVirtual().start(() -> copy(server, client));
                } else {
                    closeQuietly(client);
                }
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    throw new IllegalStateException("the testing link broke by itself", e);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void copy(Socket from, Socket to) {
        var buffer = new byte[8192];
        try {
            for (int read; (read = from.getInputStream().read(buffer)) >= 0; ) {
                if (!passes()) {
                    return;
                }
                to.getOutputStream().write(buffer, 0, read);
            }
        } catch (IOException e) {
            // either side has gone: the other is closed below
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closeQuietly(from);
            closeQuietly(to);
        }
    }

    private boolean passes() throws InterruptedException {
        lock.lock();
        try {
            while (state == State.FROZEN) {
                changed.await();
            }
            return state == State.WORKING;
        } finally {
            lock.unlock();
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is closed as far as the test is concerned
        }
    }
}
