// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.relay;

import ai.jan.kit.json.Json;
import ai.jan.llm.validation.Fields;
import ai.jan.llm.validation.Invalid;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.Set;

/**
 * The member {@code stream_options}. A model server is always asked for the usage of a stream,
 * because it must be known what a request costs; whether the client sees it is the client's choice.
 *
 * @param given what the client said
 */
public record StreamOptions(Optional<ObjectNode> given) {
    private static final String NAME = "stream_options";
    private static final String CONTINUOUS = "continuous_usage_stats";
    private static final Set<String> KNOWN =
            Set.of("include_usage", "include_obfuscation", CONTINUOUS);

    /**
     * @throws ai.jan.kit.problem.ApiProblem 400 if it is no object, has a member that is not known,
     *     or comes without a stream
     */
    public static StreamOptions of(Fields fields, boolean stream) {
        var options = fields.value(NAME);
        if (options.isEmpty()) {
            return new StreamOptions(Optional.empty());
        }
        var known = Fields.of(options.get(), NAME);
        known.only(KNOWN);
        KNOWN.forEach(known::flag);
        if (!stream) {
            throw Invalid.value(NAME, "it only together with stream: true");
        }
        return new StreamOptions(options.map(ObjectNode.class::cast));
    }

    /** Whether the client wants to see the usage. */
    public boolean showsUsage() {
        return given.map(options -> options.path("include_usage").asBoolean()).orElse(false);
    }

    /**
     * Asks a model server for the usage, once: with vLLM's {@code continuous_usage_stats} OpenAI's
     * client for Java takes the first chunk for the last.
     */
    public void forward(JsonEdit edit) {
        var options = given.map(Json::text).orElse("{}");
        edit.set(
                NAME,
                new JsonEdit(options).set("include_usage", "true").remove(CONTINUOUS).apply());
    }
}
