// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.quick;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What was measured beside what it should be. */
record Comparison(Baseline baseline, Map<Ratio, Double> measured) {
    private enum Verdict {
        SAME(""),
        BETTER("better: is it time for a new baseline?"),
        WORSE("REGRESSION"),
        UNKNOWN("NOT MEASURED");

        private final String text;

        Verdict(String text) {
            this.text = text;
        }
    }

    Comparison {
        measured = Map.copyOf(measured);
    }

    /** Whether something is worse than may be, or could not be measured. */
    boolean isRegression() {
        return Arrays.stream(Ratio.values())
                .map(this::verdict)
                .anyMatch(verdict -> verdict == Verdict.WORSE || verdict == Verdict.UNKNOWN);
    }

    /** A table: what, now, baseline, change, verdict. */
    List<String> lines() {
        return Arrays.stream(Ratio.values())
                .map(ratio ->
                        String.format(
                                        Locale.ROOT,
                                        "%-80s %8.2f %8.2f %+6.0f %%  %s",
                                        ratio.meaning(),
                                        now(ratio),
                                        expected(ratio),
                                        100 * (now(ratio) / expected(ratio) - 1),
                                        verdict(ratio).text)
                                .stripTrailing())
                .toList();
    }

    private Verdict verdict(Ratio ratio) {
        double change = now(ratio) / expected(ratio);
        if (!Double.isFinite(change) || change <= 0) {
            return Verdict.UNKNOWN;
        }
        if (change > 1 + baseline.tolerance()) {
            return Verdict.WORSE;
        }
        return change < 1 / (1 + baseline.tolerance()) ? Verdict.BETTER : Verdict.SAME;
    }

    private double now(Ratio ratio) {
        return measured.getOrDefault(ratio, Double.NaN);
    }

    private double expected(Ratio ratio) {
        return baseline.ratios().getOrDefault(ratio, Double.NaN);
    }
}
