// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.service;

import ai.jan.kit.json.Json;
import ai.jan.kit.lifecycle.ProcessFailure;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** The file that tells llm-api-lite which models are served where. */
public final class Backends {
    /** Asked once, perhaps while the machine is busy starting everything else. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private Backends() {}

    /** An address without the {@code /v1} that users of OpenAI clients are used to write. */
    public static URI base(URI url) {
        return URI.create(url.toString().replaceFirst("/+$", "").replaceFirst("/v1$", ""));
    }

    /**
     * A model as its server lists it.
     *
     * @param context how many tokens it takes, if its server says so
     */
    public record Listed(String id, OptionalInt context) {}

    /** What a model server says it serves. */
    public static List<Listed> models(URI base) throws InterruptedException {
        var url = base + "/v1/models";
        var answer =
                new Probe(PATIENCE)
                        .get(URI.create(url))
                        .orElseThrow(() ->
                                ProcessFailure.unavailable(
                                        "no model server answers at "
                                                + url
                                                + ": start it, or correct JAN_VLLM_URL"));
        var models = new ArrayList<Listed>();
        try {
            Json.parse(answer).path("data").forEach(model -> models.add(listed(model)));
        } catch (JsonProcessingException e) {
            throw ProcessFailure.unavailable(url + " does not answer with a list of models");
        }
        if (models.isEmpty()) {
            throw ProcessFailure.unavailable(url + " lists no models");
        }
        return models;
    }

    private static Listed listed(JsonNode model) {
        var context = model.path("max_model_len"); // vLLM's name for it
        return new Listed(
                model.path("id").asText(),
                context.isInt() ? OptionalInt.of(context.intValue()) : OptionalInt.empty());
    }

    /**
     * Writes the file; JSON is YAML too.
     *
     * @param requests that the server answers at once
     */
    public static Path write(Path file, URI base, List<Listed> models, int requests)
            throws IOException {
        var content = Json.object();
        var backend = content.putArray("backends").addObject();
        backend.put("name", "local").put("url", base + "/v1").put("max_requests", requests);
        var list = backend.putArray("models");
        for (var model : models) {
            var entry = list.addObject().put("id", model.id());
            model.context().ifPresent(tokens -> entry.put("context", tokens));
        }
        return Files.writeString(file, Json.text(content) + "\n");
    }
}
