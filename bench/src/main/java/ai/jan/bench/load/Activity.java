// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.load;

import ai.jan.bench.platform.Setup;
import ai.jan.bench.report.Figure;
import java.io.IOException;
import java.util.List;

/**
 * What the clients of a measurement do where it is more than to ask the same again and again. The
 * runner of scenarios calls it once, and tells how much processor and memory the platform used
 * meanwhile.
 */
public interface Activity {
    /**
     * What it has seen.
     *
     * @param seen by the clients that ask; failures in it are reported
     * @param figures that are its own
     */
    record Outcome(Seen seen, List<Figure> figures) {
        public Outcome {
            figures = List.copyOf(figures);
        }
    }

    /** What it needs the platform to be like. */
    default Setup setup() {
        return Setup.USUAL;
    }

    /**
     * Does it, and puts everything back as it was: other scenarios follow on the same platform.
     *
     * @throws IOException if the platform or the machine does not let it be done; what is measured
     *     to fail is no exception but in the outcome
     */
    Outcome run(Rig rig) throws IOException, InterruptedException;
}
