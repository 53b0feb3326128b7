// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.special;

import ai.jan.bench.load.Chat;
import ai.jan.bench.load.Clients;
import ai.jan.bench.load.Load;
import ai.jan.bench.load.Seen;
import ai.jan.bench.model.MockModel;
import ai.jan.bench.model.Script;
import ai.jan.bench.platform.Target;
import java.io.IOException;
import java.time.Duration;

/**
 * Many streams that are open at the same time and in which little happens: what a stream holds.
 *
 * @param count of the streams
 * @param opening over how long they begin
 * @param gap from one token of a stream to its next
 * @param tokens of each; together they must take longer than the opening
 */
public record IdleStreams(int count, Duration opening, Duration gap, int tokens) {
    /**
     * What was seen.
     *
     * @param atOnce how many streams the model had open at the same time
     * @param before what the gauge said before the first
     * @param most the most that it said while all were open
     */
    public record Result(IdleStreams asked, Seen seen, int atOnce, double before, double most) {
        /** Of what the gauge counts. */
        public double perStream() {
            return (most - before) / asked.count;
        }

        /** How many tokens did not come. */
        public long missing() {
            return (long) asked.count * asked.tokens - seen.tokens();
        }

        /** Whether all streams were open at once and each of their tokens came. */
        public boolean isWhole() {
            return atOnce == asked.count && seen.failures().isEmpty() && missing() == 0;
        }
    }

    /**
     * Opens them, and waits for their ends.
     *
     * @param gauge such as the memory of what is measured
     */
    public Result run(MockModel model, Target target, Gauge gauge)
            throws IOException, InterruptedException {
        double before = gauge.read();
        var chat = new Chat(Script.QUICK.withTokens(tokens).withTimes(gap, gap), true, 0);
        var load = new Load.Open(count * 1e9 / opening.toNanos(), count);
        try (var clients = new Clients()) {
            var atOnce = new Watch(clients, model::running, () -> true);
            var held = new Watch(clients, gauge, () -> model.running() >= count);
            var seen = clients.begin(load, target, chat, opening);
            clients.run();
            return new Result(this, seen, (int) atOnce.most(), before, held.most());
        }
    }
}
