// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.rewrite;

import ai.jan.kit.identity.IdentitySigner;
import ai.jan.kit.identity.IdentityVerifier;
import ai.jan.kit.identity.ModelGrant;
import ai.jan.kit.json.Json;
import ai.jan.kong.pdk.Answer;
import ai.jan.kong.pdk.Bytes;
import ai.jan.kong.pdk.Ctx;
import ai.jan.kong.pdk.Kong;
import ai.jan.kong.pdk.Nginx;
import ai.jan.kong.pdk.RawBody;
import ai.jan.kong.pdk.Request;
import ai.jan.kong.pdk.Service;
import ai.jan.kong.pdk.ServiceRequest;
import ai.jan.kong.pdk.Shared;
import ai.jan.plugins.json.JsonFault;
import ai.jan.plugins.json.JsonText;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What jan-rewrite computes for a request, without the socket: {@code make bench-rewrite} prints a
 * table in Markdown. Kong's side costs nothing here but some reflection.
 */
public final class RewriteBenchmark {
    private static final int MEGABYTE = 1024 * 1024;
    private static final String POLICY =
            """
            {"aliases": [{"name": "fast", "targets": [{"model": "qwen3-8b", "weight": 9},
                                                      {"model": "qwen3.5-9b", "weight": 1}]}],
             "plans": {"user": {"models": ["*"], "output_tokens": 2048, "max_output_tokens": 8192}}
             %s}
            """;
    private static final String GUARD =
            ", \"guard\": [{\"pattern\": \"(?i)project nessie\"}, {\"pattern\": \"\\\\b\\\\d{16}\\\\b\"}]";

    private static final int BATCH = 10;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private static volatile Object sink;

    private RewriteBenchmark() {}

    /**
     * @param arguments milliseconds of CPU per round, and rounds
     */
    public static void main(String[] arguments) {
        long millis = Long.parseLong(arguments[0]);
        int rounds = Integer.parseInt(arguments[1]);
        System.out.println("| what | median µs | best | worst |\n|---|---|---|---|");
        var plain = TestingRewrite.plugin(POLICY.formatted(""));
        var guarded = TestingRewrite.plugin(POLICY.formatted(GUARD));
        var small = chat(4096);
        var unchanged = Bytes.utf8(small.utf8().replace("\"fast\"", "\"m\",\"max_tokens\":9"));
        var token = new IdentitySigner("llm-api-lite", TestingRewrite.KEY, Clock.systemUTC());
        var caller = TestingRewrite.caller("alice", "user");

        measure(
                "the plugin, 4 KB, nothing changed",
                millis,
                rounds,
                () -> plain.access(kong(token.sign(caller), unchanged)));
        measure(
                "the plugin, 4 KB, alias and default",
                millis,
                rounds,
                () -> plain.access(kong(token.sign(caller), small)));
        measure(
                "the plugin, 4 KB, guard of two patterns",
                millis,
                rounds,
                () -> guarded.access(kong(token.sign(caller), small)));
        var signed = token.sign(caller);
        measure(
                "of that: Kong's side and jan-auth's signature",
                millis,
                rounds,
                () -> sink = kong(token.sign(caller), small));
        var verifier =
                new IdentityVerifier(
                        "llm-api-lite", List.of(TestingRewrite.KEY), Clock.systemUTC());
        measure(
                "of that: verifying and signing the identity",
                millis,
                rounds,
                () ->
                        sink =
                                token.sign(
                                        verifier.verify(signed)
                                                .orElseThrow()
                                                .with(ModelGrant.EVERYTHING)));
        for (int size : new int[] {4096, 65_536, 8 * MEGABYTE}) {
            bodies(size, millis, rounds);
        }
    }

    private static void bodies(int size, long millis, int rounds) {
        var config = TestingRewrite.config(POLICY.formatted(""));
        var aliases = new Aliases(config.aliases());
        var rules = new RewriteRules(config, aliases);
        var plan = new PlanRules(config.plans(), aliases).of("user");
        var caller = TestingRewrite.caller("alice", "user");
        var body = size == 8 * MEGABYTE ? image(size) : chat(size);
        var name = size >= MEGABYTE ? size / MEGABYTE + " MB" : size / 1024 + " KB";
        var array = body.toArray();
        measure(name + ": copying", millis, rounds, () -> sink = Arrays.copyOf(array, size));
        measure(
                name + ": checking the JSON",
                millis,
                rounds,
                () -> {
                    try {
                        sink = JsonText.of(body);
                    } catch (JsonFault e) {
                        throw new IllegalStateException(e);
                    }
                });
        measure(
                name + ": all rules, alias and default",
                millis,
                rounds,
                () -> sink = rules.call(ModelCall.CHAT, body, caller, plan));
        measure(
                name + ": Jackson, tree and back",
                millis,
                rounds,
                () -> {
                    try {
                        var tree = (ObjectNode) Json.parseUnambiguous(array);
                        sink = Json.bytes(tree.put("model", "qwen3-8b"));
                    } catch (JsonProcessingException e) {
                        throw new IllegalStateException(e);
                    }
                });
    }

    private static void measure(String what, long millis, int rounds, Runnable work) {
        run(work, 3 * millis);
        var micros = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            micros[i] = run(work, millis);
        }
        Arrays.sort(micros);
        System.out.printf(
                Locale.ROOT,
                "| %s | %.1f | %.1f | %.1f |%n",
                what,
                micros[rounds / 2],
                micros[0],
                micros[rounds - 1]);
    }

    /** Microseconds of one call, in time of this thread: others on the machine do not count. */
    private static double run(Runnable work, long millis) {
        long start = THREADS.getCurrentThreadCpuTime();
        long end = start + millis * 1_000_000;
        long done = 0;
        long now;
        do {
            for (int i = 0; i < BATCH; i++) {
                work.run();
            }
            done += BATCH;
            now = THREADS.getCurrentThreadCpuTime();
        } while (now < end);
        return (now - start) / 1000.0 / done;
    }

    /** A chat of some turns, of that many bytes. */
    private static Bytes chat(int size) {
        var text = new StringBuilder("{\"model\":\"fast\",\"temperature\":0.7,\"messages\":[");
        int turn = 0;
        while (text.length() < size - 400) {
            text.append(turn == 0 ? "" : ",")
                    .append("{\"role\":\"")
                    .append(turn++ % 2 == 0 ? "user" : "assistant")
                    .append("\",\"content\":\"")
                    .append(
                            "The quick brown fox jumps over the lazy dog, \\\"twice\\\".\\n"
                                    .repeat(5))
                    .append("\"}");
        }
        return filled(text.append("],\"user\":\"").toString(), size, "\",\"stream\":true}");
    }

    /** A chat with one picture. */
    private static Bytes image(int size) {
        return filled(
                "{\"model\":\"fast\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\","
                        + "\"image_url\":{\"url\":\"data:image/png;base64,",
                size,
                "\"}}]}],\"stream\":true}");
    }

    private static Bytes filled(String start, int size, String end) {
        return Bytes.utf8(start + "A".repeat(size - start.length() - end.length()) + end);
    }

    private static Kong kong(String token, Bytes body) {
        return (Kong)
                proxy(
                        Kong.class,
                        (_, method, _) ->
                                switch (method.getName()) {
                                    case "ctx" -> proxy(Ctx.class, (_, _, _) -> shared(token));
                                    case "request" -> request(body);
                                    case "nginx" ->
                                            proxy(
                                                    Nginx.class,
                                                    (_, _, _) -> answer(Optional.of("id")));
                                    case "service" ->
                                            proxy(Service.class, (_, _, _) -> serviceRequest());
                                    default ->
                                            throw new UnsupportedOperationException(
                                                    method.getName());
                                });
    }

    private static Object shared(String token) {
        return proxy(
                Shared.class,
                (_, method, _) ->
                        method.getName().equals("get") ? answer(Optional.of(token)) : null);
    }

    private static Object request(Bytes body) {
        var headers = new Kong.Headers(Map.of("content-type", List.of("application/json")), false);
        return proxy(
                Request.class,
                (_, method, _) ->
                        switch (method.getName()) {
                            case "getMethod" -> answer("POST");
                            case "getPath" -> answer("/v1/chat/completions");
                            case "getHeaders" -> answer(headers);
                            default -> answer(new RawBody.Content(body));
                        });
    }

    private static Object serviceRequest() {
        return proxy(
                ServiceRequest.class,
                (_, _, arguments) -> {
                    sink = arguments;
                    return null;
                });
    }

    private static <T> Answer<T> answer(T value) {
        return () -> value;
    }

    private static Object proxy(Class<?> type, InvocationHandler handler) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler);
    }
}
