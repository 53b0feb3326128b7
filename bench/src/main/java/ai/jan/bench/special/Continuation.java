// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.special;

import ai.jan.bench.load.Load;
import ai.jan.bench.load.Request;
import ai.jan.bench.load.Seen;
import ai.jan.bench.model.MockModel;
import ai.jan.bench.platform.Target;
import java.io.IOException;
import java.time.Duration;

/**
 * The same request over and over, and what each costs behind the gateway.
 *
 * @param processor seconds of a processor that the service has used so far
 * @param statements that the service has sent to the database so far
 * @param idle how long is waited to see what the service does when nobody asks
 */
public record Continuation(Gauge processor, Gauge statements, Duration idle) {
    /**
     * What was seen, of each request.
     *
     * @param processorMicros of a processor
     * @param statements sent to the database
     * @param modelBytes sent to the model
     */
    public record Result(Seen seen, double processorMicros, double statements, double modelBytes) {}

    /**
     * @param load closed; the more clients, the less exact the time and the more exact the rest
     * @throws IllegalStateException if none was answered
     */
    public Result run(MockModel model, Target target, Request request, Load load, Duration duration)
            throws IOException, InterruptedException {
        double idleProcessor = processor.read();
        double idleStatements = statements.read();
        Thread.sleep(idle);
        double before = processor.read();
        double statementsBefore = statements.read();
        double share = duration.toNanos() / (double) idle.toNanos();
        double unasked = (before - idleProcessor) * share;
        double unaskedStatements = (statementsBefore - idleStatements) * share;
        long bytesBefore = model.askedBytes();
        long askedBefore = model.asked();
        var seen = load.run(target, request, duration);
        long asked = model.asked() - askedBefore;
        if (asked == 0) {
            throw new IllegalStateException("none has reached the model: " + seen.failures());
        }
        return new Result(
                seen,
                (processor.read() - before - unasked) / asked * 1e6,
                (statements.read() - statementsBefore - unaskedStatements) / asked,
                (double) (model.askedBytes() - bytesBefore) / asked);
    }
}
