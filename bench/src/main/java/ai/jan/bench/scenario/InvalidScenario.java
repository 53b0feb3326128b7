// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.scenario;

/**
 * A file that describes no measurement; the message names the file, the field, and what it may be.
 */
public final class InvalidScenario extends RuntimeException {
    private static final long serialVersionUID = 1;

    InvalidScenario(String place, String what) {
        super(place + ": " + what);
    }
}
