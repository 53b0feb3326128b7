// SPDX-License-Identifier: Apache-2.0
package ai.jan.database;

import ai.jan.kit.config.Secret;
import ai.jan.kit.config.Settings;
import java.time.Duration;
import java.util.Map;

/**
 * What the migration needs.
 *
 * @param owner reaches the database as the role that owns its schemas and may create roles
 * @param passwords what the login roles are to log in with; set again at every migration
 */
public record MigrationSettings(DatabaseSettings owner, Map<LoginRole, Secret> passwords) {
    private static final int MIN_PASSWORD = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LONGEST_STATEMENT = Duration.ofMinutes(10);

    public MigrationSettings {
        passwords = Map.copyOf(passwords);
    }

    /** Reads the settings of the command {@code migrate}. */
    public static MigrationSettings from(Settings settings) {
        return new MigrationSettings(
                new DatabaseSettings(
                        DatabaseSettings.url(settings),
                        settings.text("JAN_MIGRATION_USER", "jan_owner"),
                        settings.secret("JAN_MIGRATION_PASSWORD", 1),
                        2,
                        PATIENCE,
                        LONGEST_STATEMENT),
                Map.of(
                        LoginRole.PLUGINS,
                        settings.secret("JAN_PLUGINS_DATABASE_PASSWORD", MIN_PASSWORD),
                        LoginRole.LLM_API,
                        settings.secret("JAN_LLM_API_DATABASE_PASSWORD", MIN_PASSWORD),
                        LoginRole.MCP_TOOLS,
                        settings.secret("JAN_MCP_TOOLS_DATABASE_PASSWORD", MIN_PASSWORD)));
    }
}
