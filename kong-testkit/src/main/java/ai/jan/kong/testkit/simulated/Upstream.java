// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import java.io.IOException;

/** The service behind Kong. */
@FunctionalInterface
public interface Upstream {
    /**
     * Answers a request.
     *
     * @throws IOException if there is no proper answer: the client gets 502
     */
    SimulatedResponse answer(UpstreamRequest request) throws IOException;
}
