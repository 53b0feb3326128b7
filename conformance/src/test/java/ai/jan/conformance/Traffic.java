// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Something of everything, sent through a stack, and what its processes expose to Prometheus then.
 *
 * @param scrapes by process
 */
record Traffic(Map<String, Scrape> scrapes) {
    /** What happens to no platform that is configured well. */
    static final Set<String> RARE = Set.of("jan_plugin_refused_configurations_total");

    private static final Map<String, String> ADDRESSES =
            Map.of(
                    "kong-plugins", "plugins_metrics_url",
                    "llm-api-lite", "llm_api_metrics_url",
                    "mcp-tools", "mcp_tools_metrics_url");
    private static final String CHAT =
            "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]%s}";
    private static final String TOOL =
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":"
                    + "{\"name\":\"file_search_list\",\"arguments\":{}}}";

    static Traffic of(SharedStack.Running running) throws IOException, InterruptedException {
        var stack = running.stack();
        var gateway = new Gateway(stack.gateway());
        var credential = "Bearer " + stack.apiKey();
        for (var more : new String[] {"", ",\"stream\":true"}) {
            var chat = CHAT.formatted(TestingModel.NAME, more);
            gateway.post("/v1/chat/completions", chat, "Authorization", credential);
        }
        gateway.post(
                "/v1/mcp",
                TOOL,
                "Authorization",
                credential,
                "Accept",
                "application/json, text/event-stream");
        return counted(stack.described());
    }

    /** A request is counted when its answer is out: the last ones may have to be waited for. */
    private static Traffic counted(JsonNode described) throws IOException, InterruptedException {
        var deadline = Instant.now().plus(Gateway.BOUND);
        while (true) {
            var traffic = scraped(described);
            var tools = traffic.scrapes.get("mcp-tools").series();
            var chats = traffic.scrapes.get("llm-api-lite").series();
            if (tools.contains("jan_http_requests_total")
                            && chats.contains("gen_ai_server_time_per_output_token_seconds_count")
                    || Instant.now().isAfter(deadline)) {
                return traffic;
            }
            Thread.sleep(50);
        }
    }

    private static Traffic scraped(JsonNode described) throws IOException, InterruptedException {
        var scrapes = new TreeMap<String, Scrape>();
        for (var process : ADDRESSES.entrySet()) {
            var url = URI.create(described.path(process.getValue()).asText());
            scrapes.put(process.getKey(), Scrape.of(url));
        }
        var kong = URI.create(described.path("status_url").asText() + "/metrics");
        scrapes.put("kong", Scrape.of(kong));
        return new Traffic(scrapes);
    }
}
