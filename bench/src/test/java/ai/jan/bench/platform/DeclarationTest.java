// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;

class DeclarationTest {
    private static final URI MODEL = URI.create("http://127.0.0.1:4711");
    private static final String TEXT =
            """
            services:
              - name: llm-api-lite
                url: http://llm-api-lite:8080/v1
                routes:
                  - name: llm-api
                    plugins:
                      - name: jan-auth
                        config: {audience: llm-api-lite, issuer: "{vault://env/jan-issuer}"}
                      - name: jan-rewrite
                        config: {audience: llm-api-lite}
                      - name: jan-quota
                        config:
                          plans: &plans
                            pro:
                              user: {requests_per_minute: 600, concurrent_requests: 32}
                              models: {big: {tokens_per_day: 1000}}
                              on_store_failure: allow
              - name: mcp-tools
                url: http://mcp-tools:8091/v1/mcp
                routes:
                  - name: mcp
                    plugins:
                      - name: jan-quota
                        config: {plans: *plans}
            plugins:
              - name: prometheus
            """;

    @Test
    void keepsEveryPluginAndRaisesEachLimit() {
        var text = Declaration.of(TEXT, Chain.ALL, MODEL);

        assertThat(text)
                .contains("jan-auth", "jan-rewrite", "prometheus", "on_store_failure: allow")
                .contains("'{vault://env/jan-issuer}'", "http://llm-api-lite:8080/v1")
                .contains("requests_per_minute: 1000000000", "concurrent_requests: 1000000")
                .contains("tokens_per_day: 1000000000000")
                .doesNotContain("600", ": 32", ": 1000\n");
        assertThat(text.split("name: jan-quota", -1)).hasSize(3);
    }

    @Test
    void leavesOutThePluginsThatTheChainDoesNotHave() {
        var text = Declaration.of(TEXT, Chain.JAN_AUTH, MODEL);

        assertThat(text)
                .contains("jan-auth", "prometheus", "http://127.0.0.1:4711/v1")
                .doesNotContain("jan-rewrite", "jan-quota", "http://llm-api-lite:8080");
    }

    @Test
    void aGatewayAloneHasNoneOfOurs() {
        assertThat(Declaration.of(TEXT, Chain.GATEWAY, MODEL))
                .contains("prometheus")
                .doesNotContain("name: jan-");
    }

    @Test
    void refusesALimitItWouldNotRaise() {
        assertThatThrownBy(() ->
                        Declaration.of(
                                TEXT.replace("requests_per_minute", "requests_per_week"),
                                Chain.ALL,
                                MODEL))
                .hasMessageContaining("requests_per_week");
    }
}
