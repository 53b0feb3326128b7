// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.special;

import ai.jan.bench.load.Activity;
import ai.jan.bench.load.Load;
import ai.jan.bench.load.Post;
import ai.jan.bench.load.Rig;
import ai.jan.bench.load.Seen;
import ai.jan.bench.platform.Setup;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;

/**
 * Turns behind histories that are longer and longer: what each costs llm-api-lite, which must not
 * grow faster than what it sends to the model. One client at a time: a conversation takes one turn
 * after the other.
 *
 * @param responses whether they are continued by {@code previous_response_id}, else by {@code
 *     conversation}
 */
public record ContinuedConversations(boolean responses) implements Activity {
    private static final int[] ITEMS = {0, 10, 100, 1000};
    private static final Load ONE = new Load.Closed(1);
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final Duration IDLE = Duration.ofSeconds(2);

    /** What remains to be paid for one more byte. */
    private record Cost(double micros, double bytes) {
        double growth(Cost shorter, Cost none) {
            return (micros - none.micros)
                    / (shorter.micros - none.micros)
                    / ((bytes - none.bytes) / (shorter.bytes - none.bytes));
        }
    }

    @Override
    public Setup setup() {
        return Setup.COUNTED;
    }

    @Override
    public Outcome run(Rig rig) throws IOException, InterruptedException {
        var figures = new Figures();
        var seen = new Seen();
        var costs = new Cost[ITEMS.length];
        try (var http = HttpClient.newHttpClient();
                var statements = Statements.of(rig.platform(), "jan_llm_api")) {
            var histories = new Histories(rig.target(), http);
            Gauge processor = () -> rig.platform().process("llm-api-lite").processorSeconds();
            var continuation = new Continuation(processor, statements::count, IDLE);
            for (int i = 0; i < ITEMS.length; i++) {
                var request = request(histories, ITEMS[i]);
                var _ = ONE.run(rig.target(), request, WARM_UP);
                var result =
                        continuation.run(rig.model(), rig.target(), request, ONE, rig.duration());
                var suffix = "_" + ITEMS[i];
                figures.times("time" + suffix, result.seen().whole())
                        .add("processor" + suffix, result.processorMicros(), "µs")
                        .add("statements" + suffix, result.statements(), "")
                        .add("model_bytes" + suffix, result.modelBytes(), "bytes");
                costs[i] = new Cost(result.processorMicros(), result.modelBytes());
                seen.add(result.seen());
            }
        }
        figures.add("growth_to_bytes", costs[3].growth(costs[2], costs[0]), "");
        return new Outcome(seen, figures.list());
    }

    private Post request(Histories histories, int items) throws IOException, InterruptedException {
        return responses ? histories.responses(items) : histories.conversation(items);
    }
}
