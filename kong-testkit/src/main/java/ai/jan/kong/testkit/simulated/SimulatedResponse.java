// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import ai.jan.kong.pdk.Bytes;

/** An answer: what a service gives, or what the client gets. */
public record SimulatedResponse(int status, HeaderLines headers, Bytes body) {
    public SimulatedResponse {
        headers = new HeaderLines(headers);
    }

    public static SimulatedResponse of(int status, String body) {
        return new SimulatedResponse(status, new HeaderLines(), Bytes.utf8(body));
    }

    public static SimulatedResponse json(int status, String body) {
        return of(status, body).withHeader("Content-Type", "application/json");
    }

    /** One header line more. */
    public SimulatedResponse withHeader(String name, String value) {
        return new SimulatedResponse(status, new HeaderLines(headers).add(name, value), body);
    }
}
