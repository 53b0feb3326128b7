// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins;

import ai.jan.database.DatabaseSettings;
import ai.jan.kit.config.PlatformSettings;
import ai.jan.kit.config.Secret;
import ai.jan.kit.config.Settings;
import ai.jan.kit.identity.IdentityKey;
import ai.jan.kit.metrics.MetricsSettings;
import ai.jan.plugins.keycloak.KeycloakSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the plugin server reads from its environment. Policy is not here but in {@code kong.yml}.
 *
 * @param database where API keys are
 * @param apiKeyPepper under which they are hashed
 * @param identityKeys by the service they are shared with
 * @param keycloak where people log in, if they can
 * @param backends the file of llm-api-lite that has the prices of models, if there is one
 * @param metrics where they are served, if they are
 * @param lines for the log, secrets masked
 */
record PluginsSettings(
        DatabaseSettings database,
        Secret apiKeyPepper,
        Map<String, IdentityKey> identityKeys,
        Optional<KeycloakSettings> keycloak,
        Optional<Path> backends,
        Optional<MetricsSettings> metrics,
        List<String> lines) {
    static final String LLM_API_LITE = "llm-api-lite";
    static final String MCP_TOOLS = "mcp-tools";
    private static final int MIN_SECRET = 32;

    static PluginsSettings from(Map<String, String> environment) {
        var settings = new Settings(environment);
        var database = DatabaseSettings.from(settings);
        var pepper = settings.secret("JAN_API_KEY_PEPPER", MIN_SECRET);
        var llmApiLite = settings.secret("JAN_IDENTITY_KEY_LLM_API_LITE", MIN_SECRET);
        var mcpTools = settings.secret("JAN_IDENTITY_KEY_MCP_TOOLS", MIN_SECRET);
        var keycloak = KeycloakSettings.from(settings);
        var backends = settings.optionalText("JAN_BACKENDS_FILE").map(Path::of);
        var metrics = MetricsSettings.from(settings);
        var lines = settings.check(PlatformSettings.NAMES);
        return new PluginsSettings(
                database,
                pepper,
                Map.of(
                        LLM_API_LITE, IdentityKey.of(llmApiLite.reveal()),
                        MCP_TOOLS, IdentityKey.of(mcpTools.reveal())),
                keycloak,
                backends,
                metrics,
                lines);
    }
}
