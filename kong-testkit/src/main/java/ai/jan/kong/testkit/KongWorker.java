// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit;

import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.message.CmdHandleEvent;
import ai.jan.kong.pdk.message.ExitArgs;
import ai.jan.kong.pdk.wire.PdkMethods;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/**
 * One worker process of Kong as a plugin server sees it: pooled connections to its socket, a table
 * of instances, events, and Kong 3.9's rules for what happens when something fails. Use one per
 * socket; several play several workers. Thread-safe: each event uses a connection of its own.
 *
 * <p>One difference from Kong is on purpose: an event whose instance is lost is run again at most
 * twice, not for ever.
 */
public final class KongWorker implements AutoCloseable {
    private static final int MAX_ATTEMPTS = 3;

    private final ScheduledExecutorService timer = timer();
    private final ConnectionPool pool;
    private final Sequences sequences = new Sequences();
    private final Instances instances;

    /**
     * @param socket where the plugin server listens; connected to only when an event is run
     */
    public KongWorker(Path socket, Timeouts timeouts) {
        this.pool = new ConnectionPool(socket, timeouts.read(), timer);
        this.instances = new Instances(pool, sequences, timeouts.claim());
    }

    /**
     * Runs one phase of one request on a plugin. Starts an instance if there is none for the
     * entity's {@code seq}. If the server has lost the instance or closes the connection, the event
     * is run again from the start: the host may see calls twice.
     *
     * @param host carries out the plugin's calls; its exceptions other than {@link LuaError} come
     *     out here
     */
    public EventOutcome run(PluginEntity entity, Phase phase, PdkHost host)
            throws InterruptedException {
        var reason = "";
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            int id;
            try {
                id = instances.idOf(entity);
            } catch (PluginServerFailure e) {
                return new EventOutcome.Failed(String.valueOf(e.getMessage()));
            }
            try {
                return event(entity.name(), id, phase, host);
            } catch (LuaError e) {
                return new EventOutcome.Failed(String.valueOf(e.getMessage()));
            } catch (PluginServerFailure e) {
                reason = String.valueOf(e.getMessage());
                if (!e.meansInstanceLost()) {
                    return new EventOutcome.Failed(reason);
                }
                instances.reset(entity.name());
            }
        }
        return new EventOutcome.Failed(reason);
    }

    private EventOutcome event(String plugin, int id, Phase phase, PdkHost host)
            throws PluginServerFailure, LuaError {
        long sequence = sequences.next(plugin);
        var connection = pool.take();
        boolean finished = false;
        try {
            connection.send(sequence, new CmdHandleEvent(id, phase.wireName()));
            var exit = converse(connection, phase, host);
            if (exit.isPresent()) {
                return EventOutcome.Exited.of(exit.get());
            }
            var end = connection.receive();
            finished = true; // Kong keeps the connection before it looks at what came
            KongConnection.returned(end, sequence);
            return new EventOutcome.Completed();
        } finally {
            if (finished) {
                pool.giveBack(connection);
            } else {
                connection.close();
            }
        }
    }

    /** Answers calls until the plugin is done, or exits. */
    private static Optional<ExitArgs> converse(KongConnection connection, Phase phase, PdkHost host)
            throws PluginServerFailure, LuaError {
        while (true) {
            var name = new String(connection.receive(), StandardCharsets.ISO_8859_1);
            if (name.isEmpty()) {
                return Optional.empty();
            }
            var payload = connection.receive();
            var method =
                    PdkMethods.named(name)
                            .orElseThrow(() ->
                                    new PluginServerFailure("method \"" + name + "\" not found"));
            var argument = PdkAnswers.argument(method, phase, payload);
            if (argument instanceof ExitArgs exit) {
                return Optional.of(exit);
            }
            connection.send(PdkAnswers.answer(host, method, argument));
        }
    }

    private static ScheduledExecutorService timer() {
        var timer =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().name("kong-worker-timeouts").daemon().factory());
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    /** Closes the idle connections. To be called when no event is under way. */
    @Override
    public void close() {
        pool.close();
        timer.shutdown();
    }
}
