// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.jan.kit.config.InvalidSettings;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
    private static final Map<String, String> LEAST =
            Map.of(
                    "JAN_DATABASE_URL", "jdbc:postgresql://127.0.0.1:5432/jan",
                    "JAN_DATABASE_USER", "jan_mcp_tools",
                    "JAN_DATABASE_PASSWORD", "secret-of-the-database",
                    "JAN_IDENTITY_KEY_MCP_TOOLS", "i".repeat(32));

    @Test
    void offersWhatNeedsNoBackendByDefault() {
        var settings = McpToolsSettings.from(LEAST);

        assertThat(settings.http().port()).isEqualTo(8091);
        assertThat(settings.http().maxBody()).as("the largest document").isGreaterThan(6_000_000);
        assertThat(settings.scrape().on()).isTrue();
        assertThat(settings.scrape().heedsRobots()).isTrue();
        assertThat(settings.python()).isEmpty();
        assertThat(settings.search().serperKey()).isEmpty();
        assertThat(settings.identityKeys()).hasSize(1);
        assertThat(settings.lines().toString()).doesNotContain("secret-of-the-database", "iiii");
    }

    @Test
    void readsEverySetting() {
        var settings =
                McpToolsSettings.from(
                        with(
                                "JAN_IDENTITY_KEY_MCP_TOOLS_PREVIOUS", "p".repeat(32),
                                "JAN_MCP_ORIGINS", "https://a.example.com, https://b.example.com",
                                "JAN_SERPER_API_KEY", "serper-key",
                                "JAN_SEARXNG_URL", "http://searxng:8080",
                                "JAN_SEARCH_ENGINES", "searxng, serper",
                                "JAN_SEARCH_DOMAINS", "example.com",
                                "JAN_SEARCH_OFFLINE", "true",
                                "JAN_SCRAPE", "off",
                                "JAN_SCRAPE_ROBOTS", "ignore",
                                "JAN_EMBEDDINGS_URL", "http://vllm:8000/v1",
                                "JAN_SANDBOX_URL", "http://sandbox:8080",
                                "JAN_SANDBOX_APPROVED_ROLES", "admin, pro",
                                "JAN_SANDBOX_RUNS_PER_MINUTE", "3"));

        assertThat(settings.rules().origins()).hasSize(2);
        assertThat(settings.identityKeys()).hasSize(2);
        assertThat(settings.search().order()).containsExactly("searxng", "serper");
        assertThat(settings.search().isOffline()).isTrue();
        assertThat(settings.scrape().on()).isFalse();
        assertThat(settings.scrape().heedsRobots()).isFalse();
        assertThat(settings.embeddings().backend()).isPresent();
        assertThat(settings.python().orElseThrow().approvedRoles()).contains("admin", "pro");
        assertThat(settings.python().orElseThrow().runsPerMinute()).isEqualTo(3);
    }

    @Test
    void reportsEveryProblemTogether() {
        assertThatThrownBy(() ->
                        McpToolsSettings.from(
                                with(
                                        "JAN_SEARCH_ENGINES", "bing",
                                        "JAN_SCRAPE", "maybe",
                                        "JAN_SEARXNG_URL", "nonsense",
                                        "JAN_SANDBOX_RUNS_PER_MINUTE", "0",
                                        "JAN_SCRAPPE", "on")))
                .isInstanceOf(InvalidSettings.class)
                .hasMessageContaining("JAN_SEARCH_ENGINES")
                .hasMessageContaining("JAN_SCRAPE is 'maybe'")
                .hasMessageContaining("JAN_SEARXNG_URL")
                .hasMessageContaining("JAN_SANDBOX_RUNS_PER_MINUTE")
                .hasMessageContaining("did you mean JAN_SCRAPE?");
    }

    private static Map<String, String> with(String... more) {
        var all = new HashMap<>(LEAST);
        for (int i = 0; i < more.length; i += 2) {
            all.put(more[i], more[i + 1]);
        }
        return all;
    }
}
