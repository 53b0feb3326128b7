// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools;

import ai.jan.database.DatabaseSettings;
import ai.jan.kit.config.PlatformSettings;
import ai.jan.kit.config.Secret;
import ai.jan.kit.config.Settings;
import ai.jan.kit.http.HttpSettings;
import ai.jan.kit.identity.IdentityKey;
import ai.jan.kit.metrics.MetricsSettings;
import ai.jan.tools.embed.EmbeddingSettings;
import ai.jan.tools.mcp.HttpRules;
import ai.jan.tools.python.PythonSettings;
import ai.jan.tools.search.SearchSettings;
import ai.jan.tools.tool.Words;
import ai.jan.tools.web.ScrapeSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What this process is told by its environment.
 *
 * @param identityKeys the key shared with the gateway, and the one before it, if there is one
 * @param metrics where Prometheus reads, if it does
 * @param operator the file of access rules and other MCP servers, if there is one
 * @param python where code runs, if it may
 * @param lines one per setting, for the log
 */
record McpToolsSettings(
        HttpSettings http,
        HttpRules rules,
        DatabaseSettings database,
        List<IdentityKey> identityKeys,
        Optional<MetricsSettings> metrics,
        Optional<Path> operator,
        SearchSettings search,
        ScrapeSettings scrape,
        EmbeddingSettings embeddings,
        Optional<PythonSettings> python,
        List<String> lines) {
    private static final int DEFAULT_PORT = 8091;

    /** The gateway's; the largest document has 6 MB if each character is an escape of JSON. */
    private static final int MAX_BODY = 8 * 1024 * 1024;

    private static final long MAX_BODIES = 64L * 1024 * 1024;
    private static final int MAX_REQUESTS = 512;
    private static final int MIN_KEY = 32;

    /**
     * @throws ai.jan.kit.config.InvalidSettings with everything that is wrong
     */
    static McpToolsSettings from(Map<String, String> environment) {
        var settings = new Settings(environment);
        var http = HttpSettings.from(settings, DEFAULT_PORT);
        var rules =
                new HttpRules(
                        names(settings, "JAN_MCP_HOSTS", "mcp-tools"),
                        names(settings, "JAN_MCP_ORIGINS", ""));
        var database = DatabaseSettings.from(settings);
        var key = settings.secret("JAN_IDENTITY_KEY_MCP_TOOLS", MIN_KEY);
        var previous = settings.optionalSecret("JAN_IDENTITY_KEY_MCP_TOOLS_PREVIOUS", MIN_KEY);
        var metrics = MetricsSettings.from(settings);
        var operator = settings.optionalText("JAN_TOOLS_FILE").map(Path::of);
        var search = SearchSettings.from(settings);
        var scrape = ScrapeSettings.from(settings);
        var embeddings = EmbeddingSettings.from(settings);
        var python = PythonSettings.from(settings);
        var lines = settings.check(PlatformSettings.NAMES);
        return new McpToolsSettings(
                new HttpSettings(
                        http.host(),
                        http.port(),
                        MAX_BODY,
                        MAX_BODIES,
                        MAX_REQUESTS,
                        http.idle(),
                        http.farewell()),
                rules,
                database,
                keys(key, previous),
                metrics,
                operator,
                search,
                scrape,
                embeddings,
                python,
                lines);
    }

    private static Set<String> names(Settings settings, String name, String fallback) {
        return Set.copyOf(Words.of(settings.textOr(name, fallback)));
    }

    private static List<IdentityKey> keys(Secret current, Optional<Secret> previous) {
        var keys = new ArrayList<IdentityKey>();
        keys.add(IdentityKey.of(current.reveal()));
        previous.ifPresent(key -> keys.add(IdentityKey.of(key.reveal())));
        return keys;
    }
}
