// SPDX-License-Identifier: Apache-2.0
package com.example.kong;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.jan.kong.testkit.junit.SimulatedKongExtension;
import ai.jan.kong.testkit.simulated.SimulatedKong;
import ai.jan.kong.testkit.simulated.SimulatedRequest;
import ai.jan.kong.testkit.simulated.SimulatedResponse;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SimulatedKongExtension.class)
class ResponseMetricsTest {
    @Test
    void writesItsCountsNowAndThen(SimulatedKong.Builder builder) {
        var kong =
                builder.plugin(ResponseMetrics.DEFINITION, new ResponseMetrics.Config(3))
                        .upstream(request -> {
                            if (request.target().equals("/broken")) {
                                throw new IOException("no proper answer");
                            }
                            return SimulatedResponse.of(200, "");
                        })
                        .build();

        assertEquals(List.of(), kong.send(SimulatedRequest.get("/")).log());
        kong.send(SimulatedRequest.get("/broken")).hasStatus(502).hasNoFailures();
        var third = kong.send(SimulatedRequest.get("/")).hasNoFailures().needsRoundTrips(1);

        assertEquals(
                List.of(
                        "notice: [response-metrics] answers so far: {gateway 5xx=1, service 2xx=2}"),
                third.log());
    }
}
