// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.chat;

import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Puts the answer of a stream together, piece by piece, to be kept. Not thread-safe. */
final class Transcript {
    private static final List<String> SAME_IN_ALL = List.of("created", "model");
    private static final List<String> LAST_COUNTS =
            List.of("usage", "system_fingerprint", "service_tier");

    private final TreeMap<Integer, TranscribedChoice> choices = new TreeMap<>();
    private final ObjectNode members = Json.object();

    /** Takes in one chunk of a stream. */
    void add(JsonNode chunk) {
        for (var name : SAME_IN_ALL) {
            if (!members.has(name) && chunk.hasNonNull(name)) {
                members.set(name, chunk.path(name));
            }
        }
        for (var name : LAST_COUNTS) {
            if (chunk.hasNonNull(name)) {
                members.set(name, chunk.path(name));
            }
        }
        for (var choice : chunk.path("choices")) {
            choices.computeIfAbsent(choice.path("index").asInt(), _ -> new TranscribedChoice())
                    .add(choice);
        }
    }

    /** Whether the answer was too long to be kept whole. */
    boolean isCutShort() {
        return choices.values().stream().anyMatch(TranscribedChoice::isCutShort);
    }

    /** The assistant's message of the first choice, if anything was said. */
    Optional<ObjectNode> message() {
        return Optional.ofNullable(choices.get(0)).flatMap(TranscribedChoice::message);
    }

    /** The whole answer as it would have come without a stream. */
    ObjectNode completion(String id) {
        var completion = Json.object().put("id", id).put("object", "chat.completion");
        SAME_IN_ALL.forEach(name -> completion.set(name, members.path(name)));
        var all = completion.putArray("choices");
        choices.forEach((index, choice) -> all.add(choice.toJson(index)));
        LAST_COUNTS.forEach(name -> {
            if (members.has(name)) {
                completion.set(name, members.path(name));
            }
        });
        return completion;
    }
}
