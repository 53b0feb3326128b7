// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins;

import ai.jan.kit.lifecycle.ProcessFailure;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Options of the form {@code --name value}. */
final class CommandLine {
    private CommandLine() {}

    /**
     * @throws ProcessFailure for an option that there is not, is given twice, or has no value
     */
    static Map<String, String> options(List<String> arguments, Set<String> known, String usage) {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i < arguments.size(); i += 2) {
            var name = arguments.get(i);
            if (!known.contains(name)) {
                throw ProcessFailure.usage("unknown argument: " + name, "usage: " + usage);
            }
            if (i + 1 == arguments.size()) {
                throw ProcessFailure.usage(name + " needs a value", "usage: " + usage);
            }
            if (options.put(name, arguments.get(i + 1)) != null) {
                throw ProcessFailure.usage(name + " is given twice", "usage: " + usage);
            }
        }
        return options;
    }
}
