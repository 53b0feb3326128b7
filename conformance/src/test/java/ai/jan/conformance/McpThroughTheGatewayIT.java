// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.jan.kit.json.Json;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The official client for Java uses the tools of the running platform. */
@ExtendWith(SharedStack.class)
class McpThroughTheGatewayIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static TestingStack stack;

    @BeforeAll
    static void start(SharedStack.Running running) {
        stack = running.stack();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/mcp", "/v1/mcp"})
    void offersItsToolsAtBothAddresses(String path) throws Exception {
        try (var client = client(path, stack.apiKey())) {
            client.initialize();
            assertThat(client.listTools().tools())
                    .extracting(Tool::name)
                    .contains("scrape", "file_search_index", "file_search_query")
                    .as("what has no backend is not offered")
                    .doesNotContain("google_search", "python_exec");
        }
    }

    @Test
    void keepsADocumentAndFindsItByItsMeaning() throws Exception {
        try (var client = client("/mcp", stack.apiKey())) {
            client.initialize();
            var kept =
                    call(
                            client,
                            "file_search_index",
                            Map.of(
                                    "document_id",
                                    "lunch",
                                    "text",
                                    "The canteen serves soup on Mondays.",
                                    "tags",
                                    List.of("food")));
            assertThat(kept.isError()).isFalse();

            var found = call(client, "file_search_query", Map.of("query", "What can I eat?"));

            assertThat(text(found)).contains("lunch").contains("soup");
            assertThat(Json.parse(text(found)))
                    .as("the text says the same as the structured content")
                    .isEqualTo(Json.parse(Json.text(found.structuredContent())));
            call(client, "file_search_delete", Map.of("document_id", "lunch"));
        }
    }

    @Test
    void offersEachRoleWhatTheOperatorAllowsIt() throws Exception {
        var guest = new Gateway(stack.gateway()).post("/auth/guest-login", "");
        try (var client = client("/mcp", guest.body().path("access_token").asText())) {
            client.initialize();

            assertThat(client.listTools().tools())
                    .extracting(Tool::name)
                    .contains("file_search_index")
                    .doesNotContain("file_search_delete");
            assertThatThrownBy(
                            () -> call(client, "file_search_delete", Map.of("document_id", "mine")))
                    .hasMessageContaining("Unknown tool");
        }
        try (var client = client("/mcp", stack.apiKey())) {
            client.initialize();

            assertThat(client.listTools().tools())
                    .extracting(Tool::name)
                    .contains("file_search_delete");
        }
    }

    @Test
    void tellsTheModelWhatIsWrongWithACall() throws Exception {
        try (var client = client("/mcp", stack.apiKey())) {
            client.initialize();
            var incomplete = call(client, "file_search_query", Map.of("top_k", 100));
            assertThat(incomplete.isError()).isTrue();
            assertThat(text(incomplete)).contains("query").contains("top_k");

            var metadata =
                    call(
                            client,
                            "scrape",
                            Map.of("url", "http://169.254.169.254/latest/meta-data"));
            assertThat(metadata.isError()).isTrue();
            assertThat(text(metadata)).contains("not part of the public web");
        }
    }

    @Test
    void refusesStrangers() {
        assertThatThrownBy(
                        () -> {
                            try (var client = client("/mcp", "sk_live_" + "0".repeat(48))) {
                                client.initialize();
                            }
                        })
                .isNotNull();
    }

    private static McpSyncClient client(String path, String credential) throws Exception {
        var transport =
                HttpClientStreamableHttpTransport.builder(stack.gateway().toString())
                        .endpoint(path)
                        .addHttpRequestCustomizer((request, _, _, _, _) ->
                                request.header("Authorization", "Bearer " + credential))
                        .build();
        return McpClient.sync(transport).requestTimeout(PATIENCE).build();
    }

    private static CallToolResult call(
            McpSyncClient client, String tool, Map<String, Object> arguments) {
        return client.callTool(CallToolRequest.builder(tool).arguments(arguments).build());
    }

    private static String text(CallToolResult result) {
        return ((TextContent) result.content().getFirst()).text();
    }
}
