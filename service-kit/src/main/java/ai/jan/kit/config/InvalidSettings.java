// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.config;

import java.util.List;

/** The environment does not make a working configuration; carries every problem, one line each. */
public final class InvalidSettings extends RuntimeException {
    private final List<String> problems;

    public InvalidSettings(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
        return problems;
    }
}
