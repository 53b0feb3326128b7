// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance.quota;

import ai.jan.kit.identity.Identity;
import ai.jan.kit.identity.IdentityKey;
import ai.jan.kit.identity.IdentitySigner;
import ai.jan.kit.json.Json;
import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.message.Value;
import ai.jan.kong.pdk.wire.PdkMethods;
import ai.jan.kong.testkit.EventOutcome;
import ai.jan.kong.testkit.HeaderValues;
import ai.jan.kong.testkit.KongWorker;
import ai.jan.kong.testkit.PdkCalls;
import ai.jan.kong.testkit.PluginEntity;
import ai.jan.kong.testkit.Timeouts;
import ai.jan.quota.Reservation;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients, and the gateway in front of them: each request is an event of jan-quota on one of the
 * plugin servers, and if it is admitted a stream from one of the services, which some leave early.
 */
final class QuotaClients {
    private static final String IDENTITY = "jan_identity";
    private static final int MOST_PROMPT = 400;
    private static final int MOST_ANSWER = 200;

    private static final PdkCalls<Event> CALLS =
            PdkCalls.<Event>builder()
                    .on(PdkMethods.NGINX_GET_VAR, (event, _) -> event.id)
                    .on(
                            PdkMethods.CTX_SHARED_GET,
                            (event, name) -> Value.of(event.shared.get(name)))
                    .run(
                            PdkMethods.SERVICE_REQUEST_SET_HEADER,
                            (event, kv) ->
                                    event.upstream.put(kv.k(), HeaderValues.of(kv.v()).getFirst()))
                    .run(PdkMethods.RESPONSE_SET_HEADERS, (_, _) -> {})
                    .build();

    private static final class Event {
        final String id = UUID.randomUUID().toString().replace("-", "");
        final Map<String, String> shared = new HashMap<>();
        final Map<String, String> upstream = new HashMap<>();
    }

    private final IdentitySigner signer =
            new IdentitySigner("llm-api-lite", IdentityKey.of(QuotaNodes.KEY), Clock.systemUTC());
    private final QuotaNodes nodes;
    private final List<KongWorker> workers = new ArrayList<>();
    private final PluginEntity plugin;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Set<String> admitted = ConcurrentHashMap.newKeySet();
    private final Map<String, long[]> completed = new ConcurrentHashMap<>();
    private final AtomicInteger refused = new AtomicInteger();
    private volatile boolean stopped;

    /**
     * @param config of jan-quota with all defaults, as Kong sends it
     */
    QuotaClients(QuotaNodes nodes, ObjectNode config) {
        this.nodes = nodes;
        this.plugin = PluginEntity.global(UUID.randomUUID().toString(), "jan-quota", config, 1);
        for (int i = 0; i < nodes.pluginServers(); i++) {
            workers.add(new KongWorker(nodes.socket(i), Timeouts.of(Duration.ofSeconds(10))));
        }
    }

    /** The ids of requests that were let through, as far as the gateway got to know. */
    Set<String> admitted() {
        return new HashSet<>(admitted);
    }

    /** The usage that clients were told at the end of their streams, by the request's id. */
    Map<String, long[]> completed() {
        return completed;
    }

    int refused() {
        return refused.get();
    }

    /** Runs so many at once, each for a random subject, until the deed is done. */
    void during(int clients, List<String> subjects, Deed deed) throws Exception {
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < clients; i++) {
            threads.add(Thread.startVirtualThread(() -> work(subjects)));
        }
        deed.run();
        stopped = true;
        for (var thread : threads) {
            thread.join(Duration.ofSeconds(30));
        }
        workers.forEach(KongWorker::close);
        http.shutdownNow();
    }

    interface Deed {
        void run() throws Exception;
    }

    private void work(List<String> subjects) {
        var random = ThreadLocalRandom.current();
        while (!stopped) {
            try {
                // every other client is on the hot subject
                var subject =
                        random.nextBoolean()
                                ? subjects.getFirst()
                                : subjects.get(random.nextInt(subjects.size()));
                request(subject, random.nextInt(1, MOST_PROMPT), random.nextInt(20, MOST_ANSWER));
                Thread.sleep(random.nextInt(30));
            } catch (IOException e) {
                // a node was killed under it
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void request(String subject, int prompt, int answer)
            throws IOException, InterruptedException {
        var event = new Event();
        var outcome = decide(event, subject, prompt, answer);
        if (outcome instanceof EventOutcome.Completed) {
            admitted.add(event.id);
            boolean leaves = ThreadLocalRandom.current().nextInt(4) == 0;
            chat(event, prompt, answer, leaves);
        } else if (outcome instanceof EventOutcome.Exited) {
            refused.incrementAndGet();
        }
    }

    /** One event of jan-quota, which must let the request through. */
    EventOutcome admit(String subject) {
        try {
            var outcome = decide(new Event(), subject, MOST_PROMPT, MOST_ANSWER);
            if (outcome instanceof EventOutcome.Completed) {
                return outcome;
            }
            throw new IllegalStateException("not admitted: " + outcome);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private EventOutcome decide(Event event, String subject, int prompt, int answer)
            throws InterruptedException {
        var caller =
                new Identity(
                        subject,
                        Identity.Method.JWT,
                        Set.of(),
                        Set.of(),
                        "user",
                        null,
                        null,
                        event.id);
        event.shared.put(IDENTITY, signer.sign(caller));
        event.shared.put("jan_request", summary(prompt, answer));
        var worker = workers.get(ThreadLocalRandom.current().nextInt(workers.size()));
        return worker.run(plugin, Phase.ACCESS, CALLS.bind(event));
    }

    private void chat(Event event, int prompt, int answer, boolean leaves)
            throws IOException, InterruptedException {
        var body =
                "{\"model\":\"%s\",\"stream\":true,\"stream_options\":{\"include_usage\":true},\"seed\":%d,\"max_tokens\":%d,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"
                        .formatted(TokenModel.NAME, prompt, answer);
        var service = nodes.service(ThreadLocalRandom.current().nextInt(nodes.llmApis()));
        var request =
                HttpRequest.newBuilder(service.resolve("/v1/chat/completions"))
                        .timeout(Duration.ofSeconds(20))
                        .header(Identity.HEADER, event.shared.get(IDENTITY))
                        .header(Reservation.HEADER, event.upstream.get(Reservation.HEADER))
                        .POST(BodyPublishers.ofString(body));
        try (var lines = http.send(request.build(), BodyHandlers.ofLines()).body()) {
            var usage = new long[2];
            for (var line : (Iterable<String>) lines::iterator) {
                if (leaves && line.startsWith("data: ")) {
                    return;
                }
                if (line.contains("\"usage\":{")) {
                    var told = Json.parse(line.substring("data: ".length())).path("usage");
                    usage[0] = told.path("prompt_tokens").asLong();
                    usage[1] = told.path("completion_tokens").asLong();
                } else if (line.equals("data: [DONE]")) {
                    completed.put(event.id, usage);
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static String summary(int prompt, int answer) {
        return Json.text(
                Json.object()
                        .put("kind", "chat")
                        .put("model_asked", TokenModel.NAME)
                        .put("model_sent", TokenModel.NAME)
                        .put("stream", true)
                        .put("prompt_tokens", prompt)
                        .put("images", 0)
                        .put("output_tokens", answer)
                        .put("stored_state", false));
    }
}
