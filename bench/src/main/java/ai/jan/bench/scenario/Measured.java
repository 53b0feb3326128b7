// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.scenario;

import ai.jan.bench.report.Figure;
import ai.jan.bench.report.Figure.Aim;
import ai.jan.bench.report.Result.Side;
import ai.jan.bench.report.Result.Used;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a scenario has shown.
 *
 * @param through what clients of the target saw
 * @param direct what clients of the model itself saw, if it was asked
 * @param used by the platform while its clients asked
 */
record Measured(Side through, @Nullable Side direct, List<Used> used, List<Figure> figures) {
    Measured with(Figure another) {
        var all = new ArrayList<>(figures);
        all.add(another);
        return new Measured(through, direct, used, all);
    }

    /**
     * @throws IOException if there is an aim for a figure that is not there
     */
    List<Figure> withAims(Map<String, Aim> aims) throws IOException {
        for (var aim : aims.keySet()) {
            if (figures.stream().noneMatch(figure -> figure.name().equals(aim))) {
                throw new IOException("there is an aim for " + aim + ", which was not measured");
            }
        }
        return figures.stream().map(figure -> figure.withAim(aims.get(figure.name()))).toList();
    }
}
