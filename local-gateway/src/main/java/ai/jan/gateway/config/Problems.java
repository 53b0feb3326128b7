// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.config;

import java.util.ArrayList;
import java.util.List;

/** Gathers what is wrong with a configuration, so that all of it is reported together. */
public final class Problems {
    private final List<String> problems = new ArrayList<>();

    /** Notes a problem of one field. */
    public void add(String field, String problem) {
        problems.add(field + ": " + problem);
    }

    public boolean isEmpty() {
        return problems.isEmpty();
    }

    /**
     * @throws InvalidConfiguration if there was a problem
     */
    public void check() {
        if (!problems.isEmpty()) {
            throw new InvalidConfiguration(problems);
        }
    }
}
