// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.peers;

import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** {@code peers.json}: the same as the page, for programs. */
final class ResultsFile {
    private ResultsFile() {}

    static String text(Results results, String circumstances) {
        var json = Json.object().put("circumstances", circumstances);
        var entrants = json.putArray("gateways");
        results.entrants()
                .forEach((name, setting) ->
                        entrants.addObject().put("gateway", name).put("switched_on", setting));
        var aims = json.putArray("aims");
        for (var aim : Aim.ALL) {
            var entry = aims.addObject();
            entry.put("against", aim.peer()).put("what", aim.what());
            entry.put(aim.atLeast() ? "at_least" : "at_most", aim.bound());
            aim.ratio().of(results, aim.peer()).ifPresent(seen -> put(entry, "ratio", seen));
            aim.reached(results).ifPresent(reached -> entry.put("reached", reached));
        }
        var rows = json.putArray("rows");
        results.outcomes()
                .forEach((workload, outcomes) ->
                        outcomes.forEach((name, outcome) ->
                                put(
                                        rows.addObject()
                                                .put("workload", workload.id())
                                                .put("connections", workload.connections())
                                                .put("gateway", name),
                                        outcome)));
        return json.toPrettyString() + "\n";
    }

    private static void put(ObjectNode row, Outcome outcome) {
        switch (outcome) {
            case Outcome.Failed(var why) -> row.put("not_measured", why);
            case Outcome.Measured(var figures) -> {
                put(row, "requests_per_second", figures.requests());
                put(row, "p50_ms", figures.p50());
                put(row, "p99_ms", figures.p99());
                put(row, "first_token_p50_ms", figures.first());
                put(row, "token_p50_ms", figures.token());
                put(row, "token_p99_ms", figures.token99());
                put(row, "cpu_ms_per_request", figures.cpuRequest());
                put(row, "cpu_us_per_token", figures.cpuToken());
            }
        }
    }

    private static void put(ObjectNode row, String name, double value) {
        if (Double.isFinite(value)) {
            row.put(name, Math.round(value * 1000) / 1000.0);
        }
    }
}
