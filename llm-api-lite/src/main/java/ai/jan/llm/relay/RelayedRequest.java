// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.relay;

import ai.jan.kit.http.Exchange;
import ai.jan.kit.json.Json;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.llm.backend.ServedModel;
import ai.jan.llm.validation.Fields;
import ai.jan.llm.validation.Invalid;
import ai.jan.llm.validation.SamplingRules;
import ai.jan.llm.validation.TextOrTokens;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * A checked request for a completion or an embedding. Members that are not known here go to the
 * model server as they are.
 *
 * @param options of a stream
 * @param withoutNulls members that are taken out when they are null, because model servers refuse
 *     that
 */
record RelayedRequest(
        String json,
        String model,
        boolean stream,
        StreamOptions options,
        Set<String> withoutNulls) {
    private static final int MAX_CHOICES = 128;
    private static final int MAX_BEST_OF = 20;
    private static final int MAX_LOGPROBS = 5;
    private static final int MAX_INPUTS = 2048;

    /** {@code POST /v1/completions}. */
    static RelayedRequest completion(byte[] bytes) {
        var fields = Fields.of(Exchange.jsonObject(bytes));
        var model = model(fields);
        if (fields.value("prompt_embeds").isEmpty()) { // vLLM's own way to ask
            TextOrTokens.check(fields.required("prompt"), "prompt", Integer.MAX_VALUE);
        }
        fields.integer("max_tokens", 0, Integer.MAX_VALUE);
        fields.integer("n", 1, MAX_CHOICES);
        fields.integer("best_of", 0, MAX_BEST_OF);
        fields.integer("logprobs", 0, MAX_LOGPROBS);
        SamplingRules.check(fields);
        fields.flag("echo");
        fields.text("suffix");
        boolean stream = fields.flag("stream");
        return new RelayedRequest(
                text(bytes), model, stream, StreamOptions.of(fields, stream), Set.of());
    }

    /** {@code POST /v1/embeddings}. */
    static RelayedRequest embedding(byte[] bytes) {
        var fields = Fields.of(Exchange.jsonObject(bytes));
        var model = model(fields);
        var input = fields.required("input");
        TextOrTokens.check(input, "input", MAX_INPUTS);
        if (input.isTextual() && input.textValue().isEmpty()) {
            throw Invalid.emptyText("input");
        }
        fields.oneOf("encoding_format", Set.of("base64", "float"));
        fields.integer("dimensions", 1, Integer.MAX_VALUE);
        fields.text("user");
        return new RelayedRequest(
                text(bytes),
                model,
                false,
                StreamOptions.of(fields, false),
                Set.of("encoding_format", "dimensions", "user"));
    }

    byte[] forwarded(ServedModel served) {
        var edit = new JsonEdit(json);
        if (!served.upstreamId().equals(model)) {
            edit.set("model", Json.text(served.upstreamId()));
        }
        if (stream) {
            options.forward(edit);
        }
        withoutNulls.forEach(edit::removeNull);
        return edit.apply().getBytes(StandardCharsets.UTF_8);
    }

    static String model(Fields fields) {
        var model = fields.text("model").orElse("");
        if (model.isBlank()) {
            throw ApiProblem.badRequest(null, null, "You must provide a model parameter.");
        }
        return model;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
