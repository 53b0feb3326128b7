// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.validation;

import ai.jan.kit.json.Json;
import ai.jan.kit.problem.ApiProblem;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** Up to sixteen pairs of text that a client attaches to an object (OpenAI contract 3.2, 4.4). */
public final class Metadata {
    private static final int MAX_PAIRS = 16;
    private static final int MAX_KEY = 64;
    private static final int MAX_VALUE = 512;

    private Metadata() {}

    /** The checked {@code metadata} of a body; null is the empty one. */
    public static Optional<ObjectNode> of(ObjectNode body) {
        var value = body.path("metadata");
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (value.isNull()) {
            return Optional.of(Json.object());
        }
        if (!(value instanceof ObjectNode metadata)) {
            throw Invalid.type("metadata", "an object", value);
        }
        check(metadata);
        return Optional.of(metadata);
    }

    private static void check(ObjectNode metadata) {
        if (metadata.size() > MAX_PAIRS) {
            throw ApiProblem.badRequest(
                    "object_above_max_properties",
                    "metadata",
                    "Invalid 'metadata': too many properties. Expected at most %d, but got %d instead."
                            .formatted(MAX_PAIRS, metadata.size()));
        }
        metadata.properties()
                .forEach(pair -> {
                    var param = "metadata." + pair.getKey();
                    if (length(pair.getKey()) > MAX_KEY) {
                        throw ApiProblem.badRequest(
                                "property_name_above_max_length",
                                param,
                                "Invalid property name in 'metadata': expected at most %d characters."
                                        .formatted(MAX_KEY));
                    }
                    if (!pair.getValue().isTextual()) {
                        throw Invalid.type(param, "a string", pair.getValue());
                    }
                    int length = length(pair.getValue().textValue());
                    if (length > MAX_VALUE) {
                        throw Invalid.tooLong(param, MAX_VALUE, length);
                    }
                });
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
