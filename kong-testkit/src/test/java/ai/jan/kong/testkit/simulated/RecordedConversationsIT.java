// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kong.pdk.Phase;
import ai.jan.kong.testkit.EventOutcome;
import ai.jan.kong.testkit.KongWorker;
import ai.jan.kong.testkit.PdkHost;
import ai.jan.kong.testkit.PluginEntity;
import ai.jan.kong.testkit.Timeouts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Workers, on a socket, talk to the recorded plugin server as the real Kong did, and the simulated
 * Kong answers the request as it did. Every record is followed.
 */
@Timeout(120)
class RecordedConversationsIT {
    /** Kong's own ten seconds would make the test slow. */
    private static final Duration CLAIM = Duration.ofSeconds(1);

    private static final Duration READ = Duration.ofSeconds(20);

    @TempDir Path directory;

    private final AtomicInteger sockets = new AtomicInteger();

    @Test
    void aFew() throws Exception {
        assertThat(followAll(Golden.bundled())).isEmpty();
    }

    @Test
    void all() throws Exception {
        assertThat(followAll(Golden.complete("wire-conversations"))).isEmpty();
    }

    /** At once: most of the time nothing happens. */
    private List<String> followAll(Path golden) throws Exception {
        var records = Golden.read(golden, "wire-conversations");
        assertThat(records).isNotEmpty();
        var differences = new ArrayList<String>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var results = new ArrayList<Future<List<String>>>();
            for (var record : records) {
                results.add(threads.submit(() -> follow(RecordedConversation.of(record))));
            }
            for (int i = 0; i < results.size(); i++) {
                var id = records.get(i).path("id").asText();
                results.get(i).get().forEach(found -> differences.add(id + ": " + found));
            }
        }
        System.out.printf(
                "conversations: %d followed, %d different%n", records.size(), differences.size());
        return differences;
    }

    private List<String> follow(RecordedConversation conversation) throws Exception {
        var socket = directory.resolve("s" + sockets.incrementAndGet());
        var read =
                conversation.readTimeoutMs().stream()
                        .mapToObj(Duration::ofMillis)
                        .findFirst()
                        .orElse(READ);
        var differences = new ArrayList<String>();
        try (var server = new RecordedPluginServer(socket, conversation)) {
            Supplier<KongWorker> workers = () -> new KongWorker(socket, new Timeouts(read, CLAIM));
            if (conversation.status().isPresent()) {
                try (var worker = workers.get()) {
                    var answered = oneRequest(conversation, server, worker);
                    differences.addAll(RecordedEffects.ofRequest(conversation.record(), answered));
                }
            } else {
                manyRequests(conversation, server, workers);
            }
            awaitEnd(server);
            differences.addAll(server.differences);
            server.left().forEach(command -> differences.add("did not come: " + command));
        }
        Files.deleteIfExists(socket);
        return differences;
    }

    private static SimulatedExchange oneRequest(
            RecordedConversation conversation, RecordedPluginServer server, KongWorker worker)
            throws Exception {
        var plugins = RecordedPlugins.of(conversation, conversation.exchanges());
        plugins.startBefore(server, worker);
        server.begin();
        return request(conversation, plugins, server, worker);
    }

    private static SimulatedExchange request(
            RecordedConversation conversation,
            RecordedPlugins plugins,
            RecordedPluginServer server,
            KongWorker worker) {
        var kong = RecordedPlugins.kong(conversation);
        for (var plugin : plugins.all()) {
            kong.plugin(
                    plugin.entity().name(),
                    900,
                    plugin.phases(),
                    (phase, host) -> run(worker, plugin.entity(), phase, host, server));
        }
        return kong.build().send(RecordedPlugins.request(conversation));
    }

    private static EventOutcome run(
            KongWorker worker,
            PluginEntity entity,
            Phase phase,
            PdkHost host,
            RecordedPluginServer server)
            throws InterruptedException {
        return worker.run(
                entity,
                phase,
                (method, argument) -> {
                    try {
                        server.awaitClose(); // if it does that, it had done so before the answer
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    return host.call(method, argument);
                });
    }

    /** As many on each worker as were recorded. */
    private static void manyRequests(
            RecordedConversation conversation,
            RecordedPluginServer server,
            Supplier<KongWorker> workers)
            throws Exception {
        var open = new ArrayList<KongWorker>();
        var requests = new ArrayList<Callable<SimulatedExchange>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var exchanges : conversation.workers()) {
                var worker = workers.get();
                open.add(worker);
                var plugins = RecordedPlugins.of(conversation, exchanges);
                plugins.startBefore(server, worker);
                for (int i = 0; i < plugins.requests(); i++) {
                    requests.add(() -> request(conversation, plugins, server, worker));
                }
            }
            server.begin();
            if (conversation.isConcurrent()) {
                for (var answer : threads.invokeAll(requests)) {
                    answer.get();
                }
            } else {
                for (var request : requests) {
                    request.call();
                }
            }
        } finally {
            open.forEach(KongWorker::close);
        }
    }

    /** The other side may still be reading the end of a connection. */
    private static void awaitEnd(RecordedPluginServer server) throws InterruptedException {
        for (int i = 0; i < 40 && !server.left().isEmpty(); i++) {
            Thread.sleep(25);
        }
    }
}
