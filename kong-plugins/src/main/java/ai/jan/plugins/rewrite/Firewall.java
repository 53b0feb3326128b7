// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.rewrite;

import ai.jan.plugins.json.JsonEdits;
import ai.jan.plugins.json.JsonObject;
import java.util.Map;
import java.util.Set;

/**
 * Which parameters reach the service: those that are known and harmless. What the operator says of
 * one counts most; what is dangerous is refused unless he says otherwise, whatever is done with
 * unknown ones.
 */
final class Firewall {
    private static final String NESTED = "stream_options";

    private final Map<String, Treatment> byName;
    private final Treatment unknown;

    Firewall(Map<String, Treatment> byName, Treatment unknown) {
        this.byName = Map.copyOf(byName);
        this.unknown = unknown;
    }

    /**
     * Takes out what is to be stripped.
     *
     * @throws ai.jan.kit.problem.ApiProblem 400 for the first parameter that is refused
     */
    void apply(ModelCall call, JsonObject body, JsonEdits edits) {
        check(call, body, "", edits);
        body.get(NESTED).ifPresent(options -> check(call, options.object(), NESTED + ".", edits));
    }

    private void check(ModelCall call, JsonObject object, String prefix, JsonEdits edits) {
        var known = KnownParameters.of(call);
        for (var member : object) {
            var name = prefix + member.name();
            switch (treatment(name, known)) {
                case ALLOW -> {}
                case STRIP -> edits.remove(object, member.name());
                case REFUSE -> throw refusal(name);
            }
        }
    }

    /** Whether a parameter of this name reaches the service. */
    boolean lets(String name, ModelCall call) {
        return treatment(name, KnownParameters.of(call)) == Treatment.ALLOW;
    }

    private Treatment treatment(String name, Set<String> known) {
        var said = byName.get(name);
        if (said != null) {
            return said;
        }
        if (known.contains(name)) {
            return Treatment.ALLOW;
        }
        if (KnownParameters.DANGEROUS.contains(name)) {
            return Treatment.REFUSE;
        }
        refuseVariant(name, known);
        refuseVariant(name, KnownParameters.DANGEROUS);
        return unknown;
    }

    private static RuntimeException refusal(String name) {
        return KnownParameters.DANGEROUS.contains(name)
                ? Refusals.unsupported(name)
                : Refusals.unknown(name);
    }

    /** Some readers take {@code Model} for {@code model}, so that nobody could say which counts. */
    static void refuseVariant(String name, Set<String> known) {
        for (var each : known) {
            if (each.equalsIgnoreCase(name) && !each.equals(name)) {
                throw Refusals.misspelt(name, each);
            }
        }
    }
}
