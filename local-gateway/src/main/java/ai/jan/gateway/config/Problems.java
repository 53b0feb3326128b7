// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.config;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Gathers what is wrong with a configuration, so that all of it is reported together. */
public final class Problems {
    private record Problem(String field, String text) {}

    private final List<Problem> problems = new ArrayList<>();

    /** Notes a problem of one field. */
    public void add(String field, String problem) {
        problems.add(new Problem(field, problem));
    }

    /** Takes over others, with their fields put in another way. */
    void addAll(Problems others, UnaryOperator<String> field) {
        others.problems.forEach(problem -> add(field.apply(problem.field()), problem.text()));
    }

    int size() {
        return problems.size();
    }

    public boolean isEmpty() {
        return problems.isEmpty();
    }

    /**
     * @throws InvalidConfiguration if there was a problem
     */
    public void check() {
        if (!problems.isEmpty()) {
            throw new InvalidConfiguration(
                    problems.stream()
                            .map(problem -> problem.field() + ": " + problem.text())
                            .toList());
        }
    }
}
