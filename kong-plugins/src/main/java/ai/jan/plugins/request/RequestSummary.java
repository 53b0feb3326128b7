// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.request;

import ai.jan.kit.json.Json;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks for, as far as its cost is concerned: left by jan-rewrite in {@code
 * kong.ctx.shared} as JSON, for jan-quota. It describes the request as it goes on, after all
 * defaults and caps.
 *
 * @param kind which call it is
 * @param modelAsked the client's name of the model, if the call has one
 * @param modelSent the model it goes to; another one if the client named an alias
 * @param stream whether the answer is a stream of events
 * @param promptTokens at least what the text of the prompt will cost, in tokens
 * @param images images, sounds, films and files in the prompt; their data is not in {@code
 *     promptTokens}
 * @param outputTokens at most this many tokens are generated, over all choices; 0 if the call
 *     generates none, null if nothing limits it but the model
 * @param storedState whether what is stored elsewhere is added to the prompt: a conversation, a
 *     previous response, items by reference
 */
public record RequestSummary(
        Kind kind,
        @JsonProperty("model_asked") @Nullable String modelAsked,
        @JsonProperty("model_sent") @Nullable String modelSent,
        boolean stream,
        @JsonProperty("prompt_tokens") long promptTokens,
        int images,
        @JsonProperty("output_tokens") @Nullable Long outputTokens,
        @JsonProperty("stored_state") boolean storedState) {

    /** The name in {@code kong.ctx.shared}. */
    public static final String SHARED = "jan_request";

    /** Which call a request is; everything that does not use a model is {@code OTHER}. */
    public enum Kind {
        @JsonProperty("chat")
        CHAT,
        @JsonProperty("responses")
        RESPONSES,
        @JsonProperty("completions")
        COMPLETIONS,
        @JsonProperty("embeddings")
        EMBEDDINGS,
        @JsonProperty("tool_call")
        TOOL_CALL,
        @JsonProperty("other")
        OTHER
    }

    /** A request that uses no model. */
    public static RequestSummary other() {
        return of(Kind.OTHER);
    }

    /** A call of a tool of the platform. */
    public static RequestSummary toolCall() {
        return of(Kind.TOOL_CALL);
    }

    private static RequestSummary of(Kind kind) {
        return new RequestSummary(kind, null, null, false, 0, 0, 0L, false);
    }

    public String toJson() {
        return Json.text(this);
    }

    /** What {@link #toJson} wrote; nothing if the text is anything else. */
    public static Optional<RequestSummary> parse(String json) {
        try {
            return Optional.ofNullable(
                            Json.read(json.getBytes(StandardCharsets.UTF_8), RequestSummary.class))
                    .filter(summary -> summary.kind != null);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
