// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.peers;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What became of everybody under each workload, by name, in the order of tables.
 *
 * @param entrants name to what is switched on
 * @param outcomes workload to name to outcome; each entrant has one
 */
record Results(Map<String, String> entrants, Map<Workload, Map<String, Outcome>> outcomes) {
    /** What names begin with; ours ends with its gateway's. */
    static final String OURS = "Jan Server with ";

    static final String MODEL = "the model itself";
    static final String LITELLM = "LiteLLM";
    static final String VLLM_ROUTER = "vllm-router";

    Results {
        for (var all : outcomes.values()) {
            if (!all.keySet().containsAll(entrants.keySet())) {
                throw new IllegalArgumentException("nothing is told of somebody");
            }
        }
        entrants = Collections.unmodifiableMap(new LinkedHashMap<>(entrants));
        outcomes = Collections.unmodifiableMap(new LinkedHashMap<>(outcomes));
    }

    Outcome outcome(Workload workload, String name) {
        return Objects.requireNonNull(
                Objects.requireNonNull(outcomes.get(workload), workload.id()).get(name), name);
    }

    /** Of the one whose name begins so; empty if it has no figures. */
    Optional<Figures> figures(Workload workload, String begin) {
        return entrants.keySet().stream()
                .filter(name -> name.startsWith(begin))
                .findFirst()
                .flatMap(name ->
                        switch (outcome(workload, name)) {
                            case Outcome.Measured(var figures) -> Optional.of(figures);
                            case Outcome.Failed _ -> Optional.empty();
                        });
    }
}
