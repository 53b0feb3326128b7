// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.scenario;

import ai.jan.bench.platform.Chain;
import ai.jan.bench.platform.Setup;
import ai.jan.bench.report.Figure.Aim;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One measurement.
 *
 * @param name of its file, without the ending
 * @param title as pages call it
 * @param section of the page that it belongs to
 * @param target what is measured
 * @param kind what clients do
 * @param warmUp for how long they do it before it counts
 * @param duration of one turn
 * @param rounds how many turns
 * @param against another scenario of closed load on the same chain: what a request costs here is
 *     compared with what it costs there
 * @param failures that belong to it, such as {@code 503}; any other is reported as a fault
 * @param aims by the name of the figure
 */
public record Scenario(
        String name,
        String title,
        String section,
        Chain target,
        Kind kind,
        Duration warmUp,
        Duration duration,
        int rounds,
        Optional<String> against,
        List<String> failures,
        Map<String, Aim> aims) {
    private static final Duration WARM_UP = Duration.ofSeconds(3);
    private static final int MAX_ROUNDS = 100;

    /**
     * @throws InvalidScenario if these are not the fields of a scenario
     */
    static Scenario read(String name, Fields fields) {
        var scenario =
                new Scenario(
                        name,
                        fields.text("title"),
                        fields.text("section"),
                        chain(fields),
                        Kind.read(fields),
                        fields.time("warm_up", WARM_UP),
                        fields.time("duration"),
                        fields.number("rounds", 1, MAX_ROUNDS, 1),
                        fields.optionalText("against"),
                        fields.texts("failures"),
                        aims(fields));
        fields.end();
        scenario.check(fields);
        return scenario;
    }

    /** What the platform must be like. */
    Setup setup() {
        return kind instanceof Kind.Special(_, var activity) ? activity.setup() : Setup.USUAL;
    }

    /** The scenarios that must be measured before this one, by the field that names them. */
    Map<String, String> needs() {
        var needs = new LinkedHashMap<String, String>();
        if (kind instanceof Kind.Chats(_, Demand.Share(String of, _, _))) {
            needs.put("load.of", of);
        }
        against.ifPresent(name -> needs.put("against", name));
        return needs;
    }

    private void check(Fields fields) {
        switch (kind) {
            case Kind.Chats(var chat, _) -> {
                if (target == Chain.MODEL) {
                    throw fields.wrong("target", target.label(), "something before the model");
                }
                var known = Compared.names(chat, against.isPresent());
                aims.keySet().stream()
                        .filter(aim -> !known.contains(aim))
                        .findFirst()
                        .ifPresent(aim -> {
                            throw fields.wrong("aims", aim, "one of " + known);
                        });
            }
            case Kind.Special _ -> {
                if (rounds != 1) {
                    throw fields.wrong("rounds", rounds, "1: it is done once");
                }
                if (against.isPresent()) {
                    throw fields.wrong("against", against.get(), "chats to compare");
                }
            }
        }
    }

    private static Chain chain(Fields fields) {
        var label = fields.text("target");
        return Chain.labelled(label)
                .orElseThrow(() ->
                        fields.wrong(
                                "target",
                                label,
                                "one of "
                                        + Arrays.stream(Chain.values())
                                                .map(Chain::label)
                                                .collect(Collectors.joining(", "))));
    }

    private static Map<String, Aim> aims(Fields fields) {
        var aims = new LinkedHashMap<String, Aim>();
        fields.objects("aims").forEach((figure, aim) -> aims.put(figure, aim(aim)));
        return aims;
    }

    private static Aim aim(Fields fields) {
        var most = fields.optionalReal("at_most", -1e12, 1e12);
        var least = fields.optionalReal("at_least", -1e12, 1e12);
        fields.end();
        if (most.isPresent() == least.isPresent()) {
            throw fields.wrong("at_most", most, "either at_most or at_least");
        }
        return new Aim(most.isPresent(), most.orElse(least.orElse(0)));
    }
}
