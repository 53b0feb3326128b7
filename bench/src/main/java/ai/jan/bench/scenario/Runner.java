// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.scenario;

import ai.jan.bench.load.Activity;
import ai.jan.bench.load.Chat;
import ai.jan.bench.load.Load;
import ai.jan.bench.load.Rig;
import ai.jan.bench.model.MockModel;
import ai.jan.bench.platform.Platform;
import ai.jan.bench.platform.Target;
import ai.jan.bench.report.Result;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** Measures scenarios, one after the other, on one platform. */
final class Runner {
    private final MockModel model;
    private final Platform platform;
    private final Target direct;
    private final String circumstances;
    private final Map<String, Measured> before = new HashMap<>();

    Runner(MockModel model, Platform platform, String circumstances) {
        this.model = model;
        this.platform = platform;
        this.direct = Target.open("model", model.url().resolve("/v1"), MockModel.NAME);
        this.circumstances = circumstances;
    }

    /**
     * @throws IOException if it could not be measured
     */
    Result run(Scenario scenario) throws IOException, InterruptedException {
        var target = platform.target(scenario.target());
        return switch (scenario.kind()) {
            case Kind.Chats(var chat, var demand) -> compared(scenario, target, chat, load(demand));
            case Kind.Special(var name, var activity) -> done(scenario, target, name, activity);
        };
    }

    private Result compared(Scenario scenario, Target target, Chat chat, Load load)
            throws IOException, InterruptedException {
        var comparison = new Comparison(direct, target, meter());
        var measured = comparison.run(scenario, chat, load);
        before.put(scenario.name(), measured);
        if (scenario.against().isPresent()) {
            var other = before(scenario.against().get());
            measured = measured.with(Compared.ratio(measured.figures(), other.figures()));
        }
        return result(scenario, Kind.describe(chat), Demand.describe(load), measured);
    }

    private Result done(Scenario scenario, Target target, String name, Activity activity)
            throws IOException, InterruptedException {
        var meter = meter();
        meter.start();
        long begun = System.nanoTime();
        var outcome = activity.run(new Rig(model, platform, direct, target, scenario.duration()));
        var side = Turns.side(outcome.seen(), System.nanoTime() - begun);
        meter.stop();
        var measured = new Measured(side, null, meter.used(), outcome.figures());
        return result(scenario, name, scenario.setup().words(), measured);
    }

    private Meter meter() throws IOException {
        return new Meter(Platform.PROCESSES, platform::process);
    }

    private Load load(Demand demand) throws IOException {
        return switch (demand) {
            case Demand.Given(var load) -> load;
            case Demand.Share(var of, double at, int clients) -> {
                var most = before(of).through();
                yield new Load.Open(most.requests() / most.seconds() * at, clients);
            }
        };
    }

    private Measured before(String name) throws IOException {
        var measured = before.get(name);
        if (measured == null || measured.through().requests() == 0) {
            throw new IOException(name + ", which it needs, was not measured");
        }
        return measured;
    }

    private Result result(Scenario scenario, String request, String load, Measured measured)
            throws IOException {
        return new Result(
                scenario.name(),
                scenario.title(),
                scenario.section(),
                scenario.target().label(),
                scenario.target().hasGateway() ? platform.gatewayName() : "none",
                scenario.target().plugins(),
                request,
                load,
                scenario.rounds(),
                circumstances,
                measured.through(),
                measured.direct(),
                measured.used(),
                measured.withAims(scenario.aims()),
                scenario.failures());
    }
}
