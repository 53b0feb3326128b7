// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.tool;

import java.util.List;
import java.util.Set;

/**
 * Who may call which tool, as the operator says. The first rule that names a tool decides; a tool
 * that no rule names may be called by everybody who was let in.
 */
public record Access(List<Rule> rules) {
    /** Strangers do not run code. */
    public static final Access DEFAULT =
            new Access(List.of(new Rule(List.of("python_exec"), Set.of(), Set.of("guest"))));

    /**
     * @param tools names; one that ends with {@code *} names all that begin so
     * @param allow the roles that may; empty means any
     * @param deny the roles that may not, whatever else the caller is
     */
    public record Rule(List<String> tools, Set<String> allow, Set<String> deny) {
        public Rule {
            tools = List.copyOf(tools);
            allow = Set.copyOf(allow);
            deny = Set.copyOf(deny);
        }

        private boolean names(String tool) {
            return tools.stream().anyMatch(name -> matches(name, tool));
        }

        private static boolean matches(String name, String tool) {
            return name.endsWith("*")
                    ? tool.startsWith(name.substring(0, name.length() - 1))
                    : tool.equals(name);
        }

        private boolean admits(Set<String> roles) {
            return roles.stream().noneMatch(deny::contains)
                    && (allow.isEmpty() || roles.stream().anyMatch(allow::contains));
        }
    }

    public Access {
        rules = List.copyOf(rules);
    }

    /** Whether a caller with these roles sees the tool and may call it. */
    public boolean admits(Set<String> roles, String tool) {
        return rules.stream()
                .filter(rule -> rule.names(tool))
                .findFirst()
                .map(rule -> rule.admits(roles))
                .orElse(true);
    }
}
