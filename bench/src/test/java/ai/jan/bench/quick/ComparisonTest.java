// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.quick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ComparisonTest {
    private final Baseline baseline = new Baseline(0.25, all(4));

    @ParameterizedTest
    @EnumSource(Ratio.class)
    void anyRatioThatIsAThirdWorseIsARegression(Ratio slower) {
        var measured = all(4);
        measured.put(slower, 4 * 1.33);

        var comparison = new Comparison(baseline, measured);

        assertThat(comparison.isRegression()).isTrue();
        assertThat(comparison.lines())
                .filteredOn(line -> line.contains("REGRESSION"))
                .singleElement()
                .asString()
                .contains(slower.meaning())
                .contains("+33 %");
    }

    @Test
    void whatIsWithinTheToleranceIsNone() {
        var measured = all(4);
        measured.put(Ratio.SERVICE_CPU_TOKEN, 4 * 1.24);
        measured.put(Ratio.PLUGIN_CPU, 4 / 1.24);

        assertThat(new Comparison(baseline, measured).isRegression()).isFalse();
    }

    @Test
    void whatIsMuchBetterIsToldButNoRegression() {
        var comparison = new Comparison(baseline, all(2));

        assertThat(comparison.isRegression()).isFalse();
        assertThat(comparison.lines()).allMatch(line -> line.contains("better"));
    }

    @Test
    void whatWasNotMeasuredIsARegression() {
        var missing = all(4);
        missing.remove(Ratio.PLUGIN_CPU);
        var nothing = all(4);
        nothing.put(Ratio.PLUGIN_CPU, Double.NaN);

        assertThat(new Comparison(baseline, missing).isRegression()).isTrue();
        assertThat(new Comparison(baseline, nothing).isRegression()).isTrue();
    }

    @Test
    void aBaselineIsReadAsItWasWritten(@TempDir Path folder) throws IOException {
        var file = folder.resolve("quick.json");
        baseline.write(file, "a test");

        assertThat(Baseline.read(file)).isEqualTo(baseline);
    }

    @Test
    void aBaselineWithoutARatioIsRefused(@TempDir Path folder) throws IOException {
        var file = folder.resolve("quick.json");
        baseline.write(file, "a test");
        Files.writeString(
                file, Files.readString(file).replace(Ratio.PLUGIN_CPU.name(), "SOMETHING_ELSE"));

        assertThatThrownBy(() -> Baseline.read(file)).hasMessageContaining("PLUGIN_CPU");
    }

    private static Map<Ratio, Double> all(double value) {
        var ratios = new EnumMap<Ratio, Double>(Ratio.class);
        for (var ratio : Ratio.values()) {
            ratios.put(ratio, value);
        }
        return ratios;
    }
}
