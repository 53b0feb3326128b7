// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.response;

import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What an answer cost: a chat completion's usage in the names of a response's (contract 7.3). */
final class Usage {
    private Usage() {}

    static ObjectNode of(JsonNode chat) {
        var usage = Json.object().put("input_tokens", count(chat, "/prompt_tokens"));
        usage.putObject("input_tokens_details")
                .put("cached_tokens", count(chat, "/prompt_tokens_details/cached_tokens"))
                .put(
                        "cache_write_tokens",
                        count(chat, "/prompt_tokens_details/cache_write_tokens"));
        usage.put("output_tokens", count(chat, "/completion_tokens"));
        usage.putObject("output_tokens_details")
                .put(
                        "reasoning_tokens",
                        count(chat, "/completion_tokens_details/reasoning_tokens"));
        return usage.put("total_tokens", count(chat, "/total_tokens"));
    }

    private static long count(JsonNode chat, String pointer) {
        return chat.at(pointer).asLong(0);
    }
}
