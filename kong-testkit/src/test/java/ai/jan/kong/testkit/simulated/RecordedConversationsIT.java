// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kong.pdk.Phase;
import ai.jan.kong.testkit.KongWorker;
import ai.jan.kong.testkit.PluginEntity;
import ai.jan.kong.testkit.Timeouts;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A worker, on a socket, talks to the recorded plugin server as the real Kong did. */
@Timeout(60)
class RecordedConversationsIT {
    private static final Map<Pattern, String> EXCEPTED =
            Map.of(
                    Pattern.compile("kong-start|batch-500-setters|config-push-removed"),
                    "no frames",
                    Pattern.compile("config-push|two-|concurrent"),
                    "several configurations, plugins, workers or requests at once",
                    Pattern.compile("^batch-exit$"),
                    "setters, exit and close in one go: a race that Kong's side may win or lose",
                    Pattern.compile("start-instance-"),
                    "how Kong fills in a configuration",
                    Pattern.compile("read-timeout|slow|start-.*next|start-nostatus"),
                    "takes its time; KongWorkerIT has it with shorter ones");

    @TempDir Path directory;

    private final List<String> differences = new ArrayList<>();
    private final Map<String, Integer> excepted = new TreeMap<>();
    private final AtomicInteger count = new AtomicInteger();

    @Test
    void talksAsTheRecordedKong() throws Exception {
        var golden = Golden.complete();
        var contexts = Golden.read(golden, "wire-contexts");
        for (var record : Golden.read(golden, "wire-conversations")) {
            var exception = exception(record);
            if (exception.isPresent()) {
                excepted.merge(exception.get(), 1, Integer::sum);
            } else {
                check(record, contexts);
            }
        }
        System.out.printf(
                "conversations: %d followed, excepted %s, %d different%n",
                count.get(), excepted, differences.size());
        assertThat(differences).isEmpty();
        assertThat(count).hasPositiveValue();
    }

    private static Optional<String> exception(JsonNode record) {
        var id = record.path("id").asText();
        return EXCEPTED.entrySet().stream()
                .filter(entry -> entry.getKey().matcher(id).find())
                .map(Map.Entry::getValue)
                .sorted()
                .findFirst();
    }

    private void check(JsonNode record, List<JsonNode> contexts) throws Exception {
        var id = record.path("id").asText();
        var wanted = id.equals("no-route") ? "noroute" : "get-plain";
        var context =
                new RecordedContext(
                        contexts.stream()
                                .filter(one -> one.path("context").asText().equals(wanted))
                                .findFirst()
                                .orElseThrow());
        var entity =
                PluginEntity.global(
                        "cccccccc-0000-4000-8000-000000000090",
                        "rec",
                        JsonNodeFactory.instance.objectNode(),
                        1);
        var request =
                SimulatedRequest.get(context.request().target())
                        .withHeader("Host", "gw.test")
                        .withHeader("X-A", "1")
                        .withHeader("User-Agent", "g");
        var socket = directory.resolve("s" + count.incrementAndGet());
        try (var server = new RecordedPluginServer(socket, record.path("frames"));
                var worker = new KongWorker(socket, Timeouts.of(Duration.ofSeconds(5)))) {
            if (server.needsPriming()) {
                worker.run(
                        entity,
                        Phase.LOG,
                        (method, _) -> {
                            throw new AssertionError(method.name());
                        });
            }
            var now = server.startsAnew() ? entity.changed(entity.config(), 2) : entity;
            var exchange =
                    context.kong((phase, host) -> worker.run(now, phase, host))
                            .build()
                            .send(request);
            awaitEnd(server);
            int status = record.path("response").path("status").asInt();
            if (exchange.response().status() != status
                    || server.left() > 0
                    || !server.differences.isEmpty()) {
                differences.add(
                        "%s: status %d instead of %d, %d frames left, %s"
                                .formatted(
                                        id,
                                        exchange.response().status(),
                                        status,
                                        server.left(),
                                        server.differences));
            }
        }
    }

    /** The other side may still be reading the end of a connection. */
    private static void awaitEnd(RecordedPluginServer server) throws InterruptedException {
        for (int i = 0; i < 40 && server.left() > 0; i++) {
            Thread.sleep(25);
        }
    }
}
