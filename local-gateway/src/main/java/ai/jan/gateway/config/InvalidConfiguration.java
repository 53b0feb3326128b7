// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.config;

import java.util.List;

/** The configuration cannot be served; carries every problem, one line each. */
public final class InvalidConfiguration extends RuntimeException {
    private final List<String> problems;

    InvalidConfiguration(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
        return problems;
    }
}
