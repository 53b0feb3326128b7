// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.chat;

import ai.jan.kit.http.Exchange;
import ai.jan.kit.json.Json;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.llm.backend.ServedModel;
import ai.jan.llm.relay.JsonEdit;
import ai.jan.llm.relay.StreamOptions;
import ai.jan.llm.validation.Fields;
import ai.jan.llm.validation.Invalid;
import ai.jan.llm.validation.Metadata;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A checked request for a chat completion. Faults are reported in OpenAI's order (contract 4.3);
 * members that are not known here go to the model server as they are.
 *
 * @param store whether the turn is kept in the conversation it belongs to, and the completion as an
 *     object of its own: asked for, refused, or nothing said, which keeps the turn only
 */
record ChatRequest(
        String json,
        String model,
        ArrayNode messages,
        boolean stream,
        StreamOptions options,
        Optional<String> cacheKey,
        Optional<Boolean> store,
        ObjectNode metadata,
        ConversationUse conversation) {
    private static final int MAX_REFERRER = 64;
    private static final Set<String> INSTRUCTIONS = Set.of("system", "developer");

    /**
     * @param referrer of the query, which may begin a conversation
     * @throws ApiProblem 400 if something is wrong with it
     */
    static ChatRequest read(byte[] bytes, Optional<String> referrer) {
        var body = Exchange.jsonObject(bytes);
        var fields = Fields.of(body);
        var model = model(fields);
        var messages = messages(fields);
        SettingRules.check(fields);
        var metadata = Metadata.of(body).orElseGet(Json::object);
        boolean stream = fields.flag("stream");
        var options = StreamOptions.of(fields, stream);
        return new ChatRequest(
                new String(bytes, StandardCharsets.UTF_8),
                model,
                messages,
                stream,
                options,
                fields.text("prompt_cache_key"),
                fields.optionalFlag("store"),
                metadata,
                ConversationUse.of(fields, referrer.map(ChatRequest::checkedReferrer)));
    }

    /** Whether what is said is kept in the conversation, if there is one. */
    boolean keepsTurn() {
        return store.orElse(true);
    }

    /** Whether the completion is kept, to be asked for later. */
    boolean keepsCompletion() {
        return store.orElse(false);
    }

    /** The messages that belong to the conversation: instructions are for this request only. */
    List<ObjectNode> said() {
        return messages.valueStream()
                .map(ObjectNode.class::cast)
                .filter(message -> !INSTRUCTIONS.contains(message.path("role").asText()))
                .toList();
    }

    /**
     * The body for a model server. What was said before comes after the instructions at the front,
     * because many chat templates take a system message only there.
     *
     * @param instruction of the conversation's project: the first thing the model reads
     */
    byte[] forwarded(ServedModel served, Optional<String> instruction, List<ObjectNode> history) {
        var edit =
                new JsonEdit(json).remove("conversation").remove("store").remove("store_reasoning");
        if (!served.upstreamId().equals(model)) {
            edit.set("model", Json.text(served.upstreamId()));
        }
        if (stream) {
            options.forward(edit);
        }
        if (!history.isEmpty() || instruction.isPresent()) {
            edit.set("messages", Json.text(withHistory(instruction, history)));
        }
        return edit.apply().getBytes(StandardCharsets.UTF_8);
    }

    private List<ObjectNode> withHistory(Optional<String> instruction, List<ObjectNode> history) {
        var all = messages.valueStream().map(ObjectNode.class::cast).toList();
        int front = 0;
        while (front < all.size() && INSTRUCTIONS.contains(all.get(front).path("role").asText())) {
            front++;
        }
        var told = new ArrayList<>(all.subList(0, front));
        instruction.ifPresent(text -> Instructions.putFirst(told, text));
        told.addAll(history);
        told.addAll(all.subList(front, all.size()));
        return told;
    }

    private static String checkedReferrer(String name) {
        Fields.of(Json.object()).checkText("referrer", name, 1, MAX_REFERRER);
        return name;
    }

    private static String model(Fields fields) {
        var model = fields.text("model").orElse("");
        if (model.isBlank()) {
            throw ApiProblem.badRequest(null, null, "You must provide a model parameter.");
        }
        return model;
    }

    private static ArrayNode messages(Fields fields) {
        fields.required("messages");
        var messages = fields.array("messages").orElseThrow();
        if (messages.isEmpty()) {
            throw Invalid.emptyArray("messages");
        }
        for (int i = 0; i < messages.size(); i++) {
            MessageRules.check(messages.get(i), "messages[" + i + "]");
        }
        return messages;
    }
}
