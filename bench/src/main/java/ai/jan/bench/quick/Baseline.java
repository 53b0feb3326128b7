// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.quick;

import ai.jan.kit.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/**
 * What the ratios were when somebody last said that they are right: {@code bench/quick.json}.
 *
 * @param tolerance by how much a ratio may be worse, 0.25 being a quarter
 */
record Baseline(double tolerance, Map<Ratio, Double> ratios) {
    static final double TOLERANCE = 0.25;

    Baseline {
        ratios = Map.copyOf(ratios);
    }

    /**
     * @throws IOException if the file is not one, or does not have exactly the ratios there are
     */
    static Baseline read(Path file) throws IOException {
        var json = Json.parse(Files.readAllBytes(file));
        var ratios = new EnumMap<Ratio, Double>(Ratio.class);
        var names = json.path("ratios");
        for (var ratio : Ratio.values()) {
            double value = names.path(ratio.name()).asDouble(0);
            if (!(value > 0)) {
                throw new IOException(file + " has no " + ratio);
            }
            ratios.put(ratio, value);
        }
        double tolerance = json.path("tolerance").asDouble(0);
        if (names.size() != ratios.size() || !(tolerance > 0)) {
            throw new IOException(file + " has no tolerance, or a ratio that is not measured");
        }
        return new Baseline(tolerance, ratios);
    }

    void write(Path file, String circumstances) throws IOException {
        var json = Json.object().put("circumstances", circumstances).put("tolerance", tolerance);
        var names = json.putObject("ratios");
        for (var ratio : Ratio.values()) {
            var value = ratios.get(ratio);
            if (value != null) {
                names.put(ratio.name(), Math.round(value * 1000) / 1000.0);
            }
        }
        Files.writeString(file, json.toPrettyString() + "\n");
    }
}
