// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kong.pdk.Kong;
import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.Plugin;
import ai.jan.kong.pdk.PluginDefinition;
import ai.jan.kong.pdk.server.EventListener;
import ai.jan.kong.pdk.server.EventReport;
import ai.jan.kong.pdk.server.EventReport.Ending;
import ai.jan.kong.pdk.server.PluginServer;
import ai.jan.kong.pdk.server.ServerOptions;
import ai.jan.kong.testkit.EventOutcome.Completed;
import ai.jan.kong.testkit.EventOutcome.Exited;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one plugin does to itself must not reach the requests of another. */
@Timeout(60)
class MisbehavingPluginIT {
    private static final Timeouts TIMEOUTS = Timeouts.of(Duration.ofSeconds(20));

    record Config() {}

    /** Does something in access. */
    private record Scripted(Action action) implements Plugin {
        @Override
        public void access(Kong kong) throws Exception {
            action.run(kong);
        }
    }

    @FunctionalInterface
    private interface Action {
        void run(Kong kong) throws Exception;
    }

    /** Connections that say nothing. */
    private static final class IdleConnections implements AutoCloseable {
        private final List<SocketChannel> channels = new ArrayList<>();

        IdleConnections(Path socket, int count) throws IOException {
            for (int i = 0; i < count; i++) {
                channels.add(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
            }
        }

        @Override
        public void close() throws IOException {
            for (var channel : channels) {
                channel.close();
            }
        }
    }

    @TempDir Path directory;

    private static PluginDefinition<Config, Scripted> plugin(String name, Action action) {
        return new PluginDefinition<>(
                name, "1.0.0", 1, Config.class, Scripted.class, _ -> new Scripted(action));
    }

    private static PluginEntity entity(String name) {
        return entity(name, JsonNodeFactory.instance.objectNode());
    }

    private static PluginEntity entity(String name, ObjectNode config) {
        return PluginEntity.global(
                "00000000-0000-4000-8000-00000000000" + name.length(), name, config, 1);
    }

    private PluginServer serve(ServerOptions options, PluginDefinition<?, ?>... plugins)
            throws Exception {
        return PluginServer.start(directory.resolve("p.sock"), List.of(plugins), options);
    }

    private static EventOutcome access(KongWorker worker, String plugin) throws Exception {
        return worker.run(entity(plugin), Phase.ACCESS, new RecordingHost());
    }

    /**
     * @param idle connections that are open besides; with many, events are handed over
     */
    @ParameterizedTest
    @ValueSource(ints = {0, 520})
    void endlessLoopsOfOnePluginDoNotStopAnother(int idle) throws Exception {
        var loop = new AtomicBoolean(true);
        var looping =
                plugin(
                        "looping",
                        _ -> {
                            while (loop.get()) {
                                Thread.onSpinWait();
                            }
                        });
        int loops = 4 * Runtime.getRuntime().availableProcessors();
        var options =
                ServerOptions.DEFAULTS
                        .withDeadline(Duration.ofMillis(500))
                        .withDrain(Duration.ofMillis(10));
        try (var server = serve(options, looping, plugin("good", _ -> {}));
                var _ = new IdleConnections(server.socket(), idle);
                var worker = new KongWorker(server.socket(), TIMEOUTS);
                var requests = Executors.newVirtualThreadPerTaskExecutor()) {
            var stuck = submit(requests, loops, () -> access(worker, "looping"));
            for (int i = 0; i < 50; i++) {
                assertThat(access(worker, "good")).isEqualTo(new Completed());
            }
            for (var request : stuck) { // the deadline rings although all processors are busy
                assertThat(request.get(20, TimeUnit.SECONDS)).isInstanceOf(Exited.class);
            }
            long start = System.nanoTime();
            assertThat(access(worker, "looping")).isInstanceOf(Exited.class); // not even tried
            assertThat(access(worker, "good")).isEqualTo(new Completed());
            assertThat(System.nanoTime() - start).isLessThan(Duration.ofSeconds(10).toNanos());
        } finally {
            loop.set(false);
        }
    }

    @Test
    void aPluginIsTriedAgainWhenItsStuckEventsHaveEnded() throws Exception {
        var loop = new AtomicBoolean(true);
        var looping =
                plugin(
                        "looping",
                        _ -> {
                            while (loop.get()) {
                                Thread.onSpinWait();
                            }
                        });
        var options = ServerOptions.DEFAULTS.withDeadline(Duration.ofMillis(200));
        try (var server = serve(options, looping);
                var worker = new KongWorker(server.socket(), TIMEOUTS);
                var requests = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var request : submit(requests, 8, () -> access(worker, "looping"))) {
                assertThat(request.get(20, TimeUnit.SECONDS)).isInstanceOf(Exited.class);
            }
            loop.set(false);

            var outcome = access(worker, "looping");
            while (!outcome.equals(new Completed())) {
                outcome = access(worker, "looping");
            }
        } finally {
            loop.set(false);
        }
    }

    @Test
    void runsOnlySoManyEventsOfAPluginAtOnce() throws Exception {
        var running = new AtomicInteger();
        var most = new AtomicInteger();
        var slow =
                plugin(
                        "slow",
                        _ -> {
                            most.accumulateAndGet(running.incrementAndGet(), Math::max);
                            Thread.sleep(20);
                            running.decrementAndGet();
                        });
        try (var server = serve(ServerOptions.DEFAULTS.withConcurrency(2), slow);
                var worker = new KongWorker(server.socket(), TIMEOUTS);
                var requests = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var request : submit(requests, 10, () -> access(worker, "slow"))) {
                assertThat(request.get(20, TimeUnit.SECONDS)).isEqualTo(new Completed());
            }
        }
        assertThat(most.get()).isEqualTo(2);
    }

    @Test
    void aPluginMayLetRequestsGoOnWhenItFails() throws Exception {
        var throwing =
                plugin(
                                "throwing",
                                _ -> {
                                    throw new IllegalStateException("broken");
                                })
                        .failingOpen();
        var slow = plugin("slow", _ -> Thread.sleep(20_000)).failingOpen();
        var options = ServerOptions.DEFAULTS.withDeadline(Duration.ofMillis(200));
        try (var server = serve(options, throwing, slow);
                var worker = new KongWorker(server.socket(), TIMEOUTS)) {
            var host = new RecordingHost();

            assertThat(worker.run(entity("throwing"), Phase.ACCESS, host))
                    .isEqualTo(new Completed());
            assertThat(worker.run(entity("slow"), Phase.ACCESS, host)).isEqualTo(new Completed());

            assertThat(host.log)
                    .containsExactly(
                            "[throwing] failed in access: java.lang.IllegalStateException: broken",
                            "[slow] took too long");
        }
    }

    @Test
    void requestsWaitForAPluginThatIsSlowToBeMade() throws Exception {
        var made = new CountDownLatch(1);
        var slow =
                new PluginDefinition<>(
                        "slow",
                        "1.0.0",
                        1,
                        Config.class,
                        Scripted.class,
                        _ -> {
                            awaitUninterruptibly(made);
                            return new Scripted(_ -> {});
                        });
        var options = ServerOptions.DEFAULTS.withDeadline(Duration.ofMillis(300));
        try (var server = serve(options, slow);
                var worker = new KongWorker(server.socket(), TIMEOUTS)) {
            assertThat(access(worker, "slow")).isInstanceOf(Exited.class); // Kong got its instance
            made.countDown();
            assertThat(access(worker, "slow")).isEqualTo(new Completed());
        }
    }

    @Test
    void tellsOfEventsAndOfConfigurationsThatDoNotFit() throws Exception {
        var news = new LinkedBlockingQueue<String>();
        EventListener listener =
                new EventListener() {
                    @Override
                    public void started(String plugin, Phase phase) {
                        news.add("started " + plugin + " " + phase);
                    }

                    @Override
                    public void ended(EventReport report) {
                        news.add("ended " + report.ending());
                        throw new IllegalStateException("a listener's own trouble");
                    }

                    @Override
                    public void refused(String plugin) {
                        news.add("refused " + plugin);
                    }
                };
        try (var server =
                        serve(
                                ServerOptions.DEFAULTS.withListener(listener),
                                ScriptedPlugin.definition((kong, config) -> {}));
                var worker = new KongWorker(server.socket(), TIMEOUTS)) {
            var wrong = JsonNodeFactory.instance.objectNode().put("text", "a").put("number", "x");

            worker.run(entity(ScriptedPlugin.NAME, wrong), Phase.ACCESS, new RecordingHost());

            var heard = new ArrayList<String>();
            for (int i = 0; i < 3; i++) {
                heard.add(news.poll(5, TimeUnit.SECONDS));
            }
            assertThat(heard)
                    .containsExactly(
                            "refused scripted",
                            "started scripted ACCESS",
                            "ended " + Ending.FAILED);
        }
    }

    private static List<Future<EventOutcome>> submit(
            ExecutorService requests, int count, java.util.concurrent.Callable<EventOutcome> one) {
        var all = new ArrayList<Future<EventOutcome>>();
        for (int i = 0; i < count; i++) {
            all.add(requests.submit(one));
        }
        return all;
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
