// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.peers;

import ai.jan.bench.load.Chat;
import ai.jan.bench.load.Load;
import ai.jan.bench.model.Script;
import ai.jan.bench.platform.Target;
import ai.jan.kit.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** That a contender really does what the page says is switched on. */
final class Proofs {
    private static final Chat CHAT = new Chat(Script.QUICK, false, 0);
    private static final Load ONE = new Load.Open(1000, 1);
    private static final Duration ONCE = Duration.ofNanos(1000); // the second would be due later
    private static final int MORE_THAN_A_MINUTES = 3;

    private Proofs() {}

    /**
     * @param limited headers of a caller who may ask once a minute
     * @throws IOException if somebody without a key gets an answer, or that caller gets more than
     *     one
     */
    static void keysAndLimits(Target target, Map<String, String> limited)
            throws IOException, InterruptedException {
        keys(target);
        int refused = 0;
        for (int i = 0; i < MORE_THAN_A_MINUTES; i++) {
            refused += status(target, limited) == 429 ? 1 : 0;
        }
        if (refused == 0) {
            throw new IOException("its limits are said to be on, but it did not refuse anything");
        }
    }

    /**
     * @throws IOException if somebody without a key gets an answer
     */
    static void keys(Target target) throws IOException, InterruptedException {
        int status = status(target, Map.of());
        if (status != 401) {
            throw new IOException(
                    "keys are said to be checked, but without one the status is " + status);
        }
    }

    /**
     * @throws IOException if an answer does not tell the limit it was counted against
     */
    static void tellsLimits(Target target) throws IOException, InterruptedException {
        var body = Json.object().put("model", target.model());
        body.putArray("messages").addObject().put("role", "user").put("content", "hello");
        var request =
                HttpRequest.newBuilder(URI.create(target.url() + "/chat/completions"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body)));
        target.headers().get().forEach(request::header);
        try (var http = HttpClient.newHttpClient()) {
            var answer = http.send(request.build(), HttpResponse.BodyHandlers.discarding());
            for (var limit : List.of("x-ratelimit-limit-requests", "x-ratelimit-limit-tokens")) {
                if (answer.headers().firstValue(limit).isEmpty()) {
                    throw new IOException("no " + limit + " with status " + answer.statusCode());
                }
            }
        }
    }

    /** The status of one chat; 0 if there was no answer. */
    static int status(Target target, Map<String, String> headers) throws InterruptedException {
        var asked = new Target(target.name(), target.url(), target.model(), () -> headers);
        var seen = ONE.run(asked, CHAT, ONCE);
        if (seen.whole().getTotalCount() > 0) {
            return 200;
        }
        return seen.failures().keySet().stream().findFirst().map(Proofs::number).orElse(0);
    }

    private static int number(String failure) {
        return failure.matches("\\d{3}") ? Integer.parseInt(failure) : 0;
    }
}
