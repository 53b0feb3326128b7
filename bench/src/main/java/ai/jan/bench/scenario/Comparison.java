// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.scenario;

import ai.jan.bench.load.Chat;
import ai.jan.bench.load.Load;
import ai.jan.bench.platform.Target;
import java.io.IOException;

/**
 * The same chats of the model itself and of what is in front of it, in turns.
 *
 * @param meter of what is in front of it; runs while that is asked
 */
record Comparison(Target direct, Target target, Meter meter) {
    /** As often and as long as the scenario says. */
    Measured run(Scenario scenario, Chat chat, Load load) throws IOException, InterruptedException {
        var alone = new Turns(direct);
        var through = new Turns(target);
        through.warmUp(load, chat, scenario.warmUp());
        for (int round = 0; round < scenario.rounds(); round++) {
            alone.run(load, chat, scenario.duration());
            meter.start();
            through.run(load, chat, scenario.duration());
            meter.stop();
        }
        var used = meter.used();
        return new Measured(
                through.side(),
                alone.side(),
                used,
                Compared.figures(chat, through.side(), alone.side(), used));
    }
}
