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
import java.util.concurrent.atomic.AtomicReference;

/**
 * One worker process of Kong as a plugin server sees it: pooled connections to its socket, a table
 * of instances, events, and Kong 3.9's rules for what happens when something fails. Use one per
 * socket; several play several workers. Thread-safe: each event uses a connection of its own.
 *
 * <p>It can be made to fail: {@link #inject} has something go wrong in the next event, {@link
 * #restart} makes it another worker process that knows of no instance.
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
    private final AtomicReference<Optional<Fault>> fault = new AtomicReference<>(Optional.empty());

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

    /** Has something go wrong in the next event that is run, once. */
    public void inject(Fault next) {
        fault.set(Optional.of(next));
    }

    /**
     * Forgets all instances without closing them, as when Kong replaces its workers; their
     * connections are closed. To be called when no event is under way.
     */
    public void restart() {
        pool.closeIdle();
        instances.forget();
    }

    private EventOutcome event(String plugin, int id, Phase phase, PdkHost host)
            throws PluginServerFailure, LuaError {
        long sequence = sequences.next(plugin);
        var connection = pool.take();
        var injected = fault.getAndSet(Optional.empty());
        boolean finished = false;
        try {
            if (injected.orElse(null) instanceof Fault.Pieces(int bytes)) {
                connection.sendInPieces(bytes);
            }
            connection.send(sequence, new CmdHandleEvent(id, phase.wireName()));
            var exit = converse(connection, phase, host, injected);
            if (exit.isPresent()) {
                return EventOutcome.Exited.of(exit.get());
            }
            var end = connection.receive();
            finished = true; // Kong keeps the connection before it looks at what came
            KongConnection.returned(end, sequence);
            return new EventOutcome.Completed();
        } finally {
            if (finished) {
                connection.sendInPieces(Integer.MAX_VALUE);
                pool.giveBack(connection);
            } else {
                connection.close();
            }
        }
    }

    /** Answers calls until the plugin is done, or exits. */
    private static Optional<ExitArgs> converse(
            KongConnection connection, Phase phase, PdkHost host, Optional<Fault> fault)
            throws PluginServerFailure, LuaError {
        for (int number = 1; ; number++) {
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
            var answer = PdkAnswers.answer(host, method, argument);
            if (fault.isPresent()) {
                goWrong(fault.get(), number, connection, answer);
            }
            connection.send(answer);
        }
    }

    /** Does what was asked for with the answer of that number, if it is due. */
    private static void goWrong(Fault fault, int number, KongConnection connection, byte[] answer)
            throws PluginServerFailure, LuaError {
        switch (fault) {
            case Fault.Slow(var pause) -> {
                try {
                    Thread.sleep(pause);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new PluginServerFailure("interrupted", e);
                }
            }
            case Fault.LuaErrorAt(int at) -> {
                if (at == number) {
                    throw new LuaError("an injected error");
                }
            }
            case Fault.CloseAt(int at) -> {
                if (at == number) {
                    throw new PluginServerFailure("an injected end");
                }
            }
            case Fault.HalfAnswerAt(int at) -> {
                if (at == number) {
                    connection.sendHalf(answer);
                    throw new PluginServerFailure("an injected end");
                }
            }
            case Fault.Pieces _ -> {} // the connection does it
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
