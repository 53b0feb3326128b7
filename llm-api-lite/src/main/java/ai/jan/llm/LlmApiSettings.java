// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm;

import ai.jan.database.DatabaseSettings;
import ai.jan.kit.config.PlatformSettings;
import ai.jan.kit.config.Secret;
import ai.jan.kit.config.Settings;
import ai.jan.kit.http.HttpSettings;
import ai.jan.kit.identity.IdentityKey;
import ai.jan.kit.metrics.MetricsSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What this process is told by its environment.
 *
 * @param identityKeys the key shared with the gateway, and the one before it, if there is one
 * @param backends the file of model servers
 * @param retentionDays how long is kept what users do not delete; 0 for ever
 * @param metrics where Prometheus reads, if it does
 * @param lines one per setting, for the log
 */
record LlmApiSettings(
        HttpSettings http,
        DatabaseSettings database,
        List<IdentityKey> identityKeys,
        Path backends,
        int retentionDays,
        Optional<MetricsSettings> metrics,
        List<String> lines) {
    private static final int DEFAULT_PORT = 8080;
    private static final int MIN_KEY = 32;
    private static final int MAX_RETENTION = 36_500;

    /**
     * @throws ai.jan.kit.config.InvalidSettings with everything that is wrong
     */
    static LlmApiSettings from(Map<String, String> environment) {
        var settings = new Settings(environment);
        var http = HttpSettings.from(settings, DEFAULT_PORT);
        var database = DatabaseSettings.from(settings);
        var key = settings.secret("JAN_IDENTITY_KEY_LLM_API_LITE", MIN_KEY);
        var previous = settings.optionalSecret("JAN_IDENTITY_KEY_LLM_API_LITE_PREVIOUS", MIN_KEY);
        var backends = settings.path("JAN_BACKENDS_FILE", "/etc/jan/backends.yml");
        var retention = settings.number("JAN_RETENTION_DAYS", 0, 0, MAX_RETENTION);
        var metrics = MetricsSettings.from(settings);
        var lines = settings.check(PlatformSettings.NAMES);
        return new LlmApiSettings(
                http, database, keys(key, previous), backends, retention, metrics, lines);
    }

    private static List<IdentityKey> keys(Secret current, Optional<Secret> previous) {
        var keys = new ArrayList<IdentityKey>();
        keys.add(IdentityKey.of(current.reveal()));
        previous.ifPresent(key -> keys.add(IdentityKey.of(key.reveal())));
        return keys;
    }
}
