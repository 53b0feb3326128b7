// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.server;

import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.PluginDefinition;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves plugins to Kong on a unix socket: any number of plugins. Each connection has a thread of
 * the system, on which its plugins run; beyond {@value #OWN_THREADS} connections, virtual threads
 * read and hand events over. Whatever a plugin does, the server stays up and other requests are not
 * harmed.
 *
 * <pre>{@code
 * try (var server = PluginServer.start(socket, List.of(definition), ServerOptions.DEFAULTS)) {
 *     server.await();
 * }
 * }</pre>
 *
 * Thread-safe.
 */
public final class PluginServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PluginServer.class);
    private static final long PAUSE_AFTER_FAILURE_MS = 50;
    private static final Duration STEP = Duration.ofMillis(20);

    /** Two workers of Kong with all the connections that they keep idle. */
    private static final int OWN_THREADS = 512;

    private final SocketFile socket;
    private final ServerOptions options;
    private final Commands commands;
    private final Workers workers;
    private final Deadlines deadlines;
    private final Attention attention = new Attention();
    private final Map<Connection, Thread> connections = new ConcurrentHashMap<>();
    private final Thread acceptor;
    private volatile boolean stopping;

    private PluginServer(
            SocketFile socket,
            ServerOptions options,
            Commands commands,
            Workers workers,
            Deadlines deadlines) {
        this.socket = socket;
        this.options = options;
        this.commands = commands;
        this.workers = workers;
        this.deadlines = deadlines;
        this.acceptor = Thread.ofPlatform().name("plugin-server").unstarted(this::accept);
    }

    /**
     * Starts to listen. A socket at the path is replaced.
     *
     * @throws IOException if the socket cannot be made
     * @throws IllegalArgumentException if a plugin's definition is not valid, two have one name, or
     *     the path is too long for a socket
     */
    public static PluginServer start(
            Path socket, List<? extends PluginDefinition<?, ?>> plugins, ServerOptions options)
            throws IOException {
        var registered = new LinkedHashMap<String, RegisteredPlugin<?, ?>>();
        for (var plugin : plugins) {
            var one = RegisteredPlugin.of(plugin);
            if (registered.put(plugin.name(), one) != null) {
                throw new IllegalArgumentException("two plugins are named " + plugin.name());
            }
            if (one.dump().phases().contains(Phase.RESPONSE)) {
                LOG.warn(
                        "{} has a response phase: Kong keeps each answer in memory until it is"
                                + " complete; not for routes that stream, nor for gRPC services",
                        plugin.name());
            }
        }
        var clock = Clock.systemUTC();
        var shared = new SharedPlugins();
        var workers = new Workers(options.concurrency());
        var deadlines = new Deadlines(options.deadline());
        var commands =
                new Commands(
                        registered,
                        new Instances(registered, shared, options.listener(), clock),
                        new Events(shared, options, workers, deadlines),
                        clock.instant().getEpochSecond());
        var server =
                new PluginServer(
                        SocketFile.listen(socket, options.socketMode()),
                        options,
                        commands,
                        workers,
                        deadlines);
        server.acceptor.start();
        LOG.info("serving {} on {}", registered.keySet(), server.socket.path());
        return server;
    }

    /** Where it listens. */
    public Path socket() {
        return socket.path();
    }

    /** Waits until the server is closed. */
    public void await() throws InterruptedException {
        acceptor.join();
    }

    /** Names of the plugins served. */
    public Set<String> plugins() {
        return commands.plugins().keySet();
    }

    private void accept() {
        while (!stopping) {
            try {
                var channel = socket.channel().accept();
                var connection = new Connection(channel, options.maxFrame(), commands, attention);
                var thread = thread(connection);
                connections.put(connection, thread);
                thread.start();
                if (stopping) {
                    connection.stop();
                }
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                LOG.error("a connection could not be accepted", e);
                pause();
            }
        }
    }

    private Thread thread(Connection connection) {
        var builder =
                connections.size() < OWN_THREADS
                        ? Thread.ofPlatform().daemon() // a plugin that never ends may hold it
                        : Thread.ofVirtual();
        return builder.name("kong-connection").unstarted(() -> serve(connection));
    }

    private void serve(Connection connection) {
        try {
            connection.run();
        } finally {
            connections.remove(connection);
        }
    }

    /** Out of descriptors, most likely: gives the others time to end. */
    private static void pause() {
        try {
            Thread.sleep(PAUSE_AFTER_FAILURE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Stops: no new connections, running events may end for as long as the options say, then what
     * is left is cut off, and plugins are closed, which may take as long again. The socket file is
     * removed unless another server has replaced it.
     */
    @Override
    public void close() throws IOException {
        stopping = true;
        socket.close();
        connections.keySet().forEach(Connection::stop);
        awaitConnections();
        connections.forEach((connection, thread) -> {
            connection.close();
            thread.interrupt();
        });
        workers.close();
        deadlines.close();
        var closing =
                Thread.ofPlatform()
                        .daemon()
                        .name("plugin-server-close")
                        .start(() -> commands.instances().closeAll());
        awaitEnd(closing, () -> true, System.nanoTime() + options.drain().toNanos());
    }

    private void awaitConnections() {
        long end = System.nanoTime() + options.drain().toNanos();
        connections.forEach((connection, thread) -> awaitEnd(thread, connection::isOpen, end));
    }

    /**
     * Waits for a thread.
     *
     * @param hope whether waiting makes sense; not for an event that was given up
     */
    private static void awaitEnd(Thread thread, BooleanSupplier hope, long end) {
        try {
            while (hope.getAsBoolean() && end - System.nanoTime() > 0) {
                if (thread.join(STEP)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
