// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.config;

import java.util.Set;

/**
 * The names of the process contract (docs/architecture), so that one environment may hold the
 * settings of all processes while a name that none of them reads is still an error.
 */
public final class PlatformSettings {
    /** Read by {@code kit.lifecycle} in every process. */
    static final Set<String> EVERYWHERE = Set.of("JAN_STOP_ON_STDIN_EOF");

    public static final Set<String> NAMES =
            Set.of(
                    "JAN_API_KEY_PEPPER",
                    "JAN_BACKENDS_FILE",
                    "JAN_DATABASE_PASSWORD",
                    "JAN_DATABASE_URL",
                    "JAN_DATABASE_USER",
                    "JAN_EMBEDDINGS_API_KEY",
                    "JAN_EMBEDDINGS_MODEL",
                    "JAN_EMBEDDINGS_URL",
                    "JAN_GUEST_LIFETIME_HOURS",
                    "JAN_HTTP_HOST",
                    "JAN_HTTP_MAX_REQUESTS",
                    "JAN_HTTP_PORT",
                    "JAN_HTTP_STOP_SECONDS",
                    "JAN_IDENTITY_KEY_LLM_API_LITE",
                    "JAN_IDENTITY_KEY_LLM_API_LITE_PREVIOUS",
                    "JAN_IDENTITY_KEY_MCP_TOOLS",
                    "JAN_IDENTITY_KEY_MCP_TOOLS_PREVIOUS",
                    "JAN_KEYCLOAK_CLIENT_ID",
                    "JAN_KEYCLOAK_CLIENT_SECRET",
                    "JAN_KEYCLOAK_REALM",
                    "JAN_KEYCLOAK_URL",
                    "JAN_KEYCLOAK_WATCH_SECRET",
                    "JAN_LLM_API_DATABASE_PASSWORD",
                    "JAN_LLM_API_URL",
                    "JAN_MCP_HOSTS",
                    "JAN_MCP_ORIGINS",
                    "JAN_MCP_TOOLS_DATABASE_PASSWORD",
                    "JAN_METRICS_HOST",
                    "JAN_METRICS_PORT",
                    "JAN_MIGRATION_PASSWORD",
                    "JAN_MIGRATION_USER",
                    "JAN_MODEL_FILE",
                    "JAN_MODEL_HOST",
                    "JAN_MODEL_PORT",
                    "JAN_PLUGINS_DATABASE_PASSWORD",
                    "JAN_RETENTION_DAYS",
                    "JAN_SANDBOX_APPROVED_ROLES",
                    "JAN_SANDBOX_RUNS_PER_MINUTE",
                    "JAN_SANDBOX_URL",
                    "JAN_SCRAPE",
                    "JAN_SCRAPE_ROBOTS",
                    "JAN_SEARCH_DOMAINS",
                    "JAN_SEARCH_ENGINES",
                    "JAN_SEARCH_OFFLINE",
                    "JAN_SEARXNG_URL",
                    "JAN_SERPER_API_KEY",
                    "JAN_SERPER_URL",
                    "JAN_TOOLS_FILE",
                    "JAN_VLLM_URL");

    private PlatformSettings() {}
}
