// SPDX-License-Identifier: Apache-2.0
package com.example.kong;

import ai.jan.kong.testkit.junit.SimulatedKongExtension;
import ai.jan.kong.testkit.simulated.SimulatedKong;
import ai.jan.kong.testkit.simulated.SimulatedRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

// begin test
@ExtendWith(SimulatedKongExtension.class)
class HelloHeaderTest {
    @Test
    void greetsTheService(SimulatedKong.Builder builder) {
        var config = new HelloHeader.Config("Ada", "X-Hello");

        builder.plugin(HelloHeader.DEFINITION, config)
                .build()
                .send(SimulatedRequest.get("/orders"))
                .hasStatus(200)
                .upstreamHasHeader("X-Hello", "Hello, Ada")
                .needsRoundTrips(1)
                .hasNoFailures();
    }
}
// end test
