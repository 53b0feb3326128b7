// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kit.json.Json;
import ai.jan.kong.pdk.Bytes;
import ai.jan.kong.testkit.simulated.SimulatedRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever is sent: the plugin does not fail, and what passes is what the policy allows. */
class RewriteFuzzTest {
    private static final Set<String> SENT = Set.of("small", "large");

    private final TestingRewrite rewrite =
            new TestingRewrite(
                    """
                    {"aliases": [{"name": "fast", "targets": [{"model": "small"},
                                                              {"model": "large"}]}],
                     "plans": {"*": {"models": ["fast"], "output_tokens": 20,
                                     "max_output_tokens": 100, "max_choices": 2,
                                     "limits": {"temperature": {"max": 1}}}},
                     "guard": [{"pattern": "forbidden"}]}
                    """);

    private int passed;

    @Test
    void whatPassesIsAllowed() throws Exception {
        run(1_000, 20_261_123);
    }

    @Test
    @Tag("soak")
    void whatPassesIsAllowedForLong() throws Exception {
        run(2_000_000, System.nanoTime());
    }

    private void run(int requests, long seed) throws Exception {
        var random = new Random(seed);
        var json = new RandomJson(random);
        for (int i = 0; i < requests; i++) {
            var body = i % 50 == 0 ? noise(random) : json.request();
            try {
                send(body);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "seed %d, request %d: %s"
                                .formatted(seed, i, new String(body, StandardCharsets.UTF_8)),
                        e);
            }
        }
        assertThat(passed).as("requests that passed").isGreaterThan(requests / 10);
    }

    private static byte[] noise(Random random) {
        var bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        return bytes;
    }

    private void send(byte[] body) throws IOException {
        var result =
                rewrite.send(
                        SimulatedRequest.post(TestingRewrite.CHAT, "").withBody(Bytes.of(body)));
        if (result.exchange().upstream().isEmpty()) {
            assertThat(result.status()).isIn(400, 404);
            return;
        }
        passed++;
        var sent = result.body();
        var root = Json.parseUnambiguous(sent.getBytes(StandardCharsets.UTF_8));
        assertThat(SENT).contains(root.path("model").textValue());
        assertThat(root.path("n").asInt(1)).isBetween(1, 2);
        assertThat(root.path("temperature").asDouble(0)).isLessThanOrEqualTo(1);
        var most = root.path("max_tokens");
        var other = root.path("max_completion_tokens");
        assertThat(most.isIntegralNumber() || other.isIntegralNumber()).isTrue();
        assertThat(most.asInt(1)).isBetween(1, 100);
        assertThat(other.asInt(1)).isBetween(1, 100);
        assertThat(result.summary().outputTokens())
                .isEqualTo(Math.max(most.asLong(0), other.asLong(0)) * root.path("n").asInt(1));
        root.fieldNames()
                .forEachRemaining(
                        name -> assertThat(KnownParameters.of(ModelCall.CHAT)).contains(name));
        assertThat(root.findValuesAsText("content")).noneMatch(text -> text.contains("forbidden"));
    }
}
