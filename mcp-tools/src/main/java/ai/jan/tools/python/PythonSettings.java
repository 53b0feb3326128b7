// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.python;

import ai.jan.kit.config.Settings;
import ai.jan.tools.tool.Words;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

/**
 * Where code runs, and who may run how much.
 *
 * @param sandbox a SandboxFusion
 * @param approvedRoles whose code runs without anybody being asked; {@code *}: everybody's who sees
 *     the tool
 * @param runsPerMinute of one user
 */
public record PythonSettings(URI sandbox, Set<String> approvedRoles, int runsPerMinute) {
    /**
     * Reads {@code JAN_SANDBOX_URL}, {@code JAN_SANDBOX_APPROVED_ROLES} and {@code
     * JAN_SANDBOX_RUNS_PER_MINUTE}; without the first there is no such tool.
     */
    public static Optional<PythonSettings> from(Settings settings) {
        var roles = Words.of(settings.textOr("JAN_SANDBOX_APPROVED_ROLES", "*"));
        int runs = settings.number("JAN_SANDBOX_RUNS_PER_MINUTE", 10, 1, 10_000);
        return settings.optionalUrl("JAN_SANDBOX_URL", "http://sandbox-fusion:8080")
                .map(url -> new PythonSettings(url, Set.copyOf(roles), runs));
    }
}
