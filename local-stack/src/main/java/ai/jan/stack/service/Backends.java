// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.service;

import ai.jan.kit.json.Json;
import ai.jan.kit.lifecycle.ProcessFailure;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The file that tells llm-api-lite which models are served where. */
public final class Backends {
    private Backends() {}

    /** An address without the {@code /v1} that users of OpenAI clients are used to write. */
    public static URI base(URI url) {
        return URI.create(url.toString().replaceFirst("/+$", "").replaceFirst("/v1$", ""));
    }

    /** What a model server says it serves. */
    public static List<String> models(URI base) throws InterruptedException {
        var url = base + "/v1/models";
        var answer =
                new Probe()
                        .get(URI.create(url))
                        .orElseThrow(() ->
                                ProcessFailure.unavailable(
                                        "no model server answers at "
                                                + url
                                                + ": start it, or correct JAN_VLLM_URL"));
        var models = new ArrayList<String>();
        try {
            Json.parse(answer).path("data").forEach(model -> models.add(model.path("id").asText()));
        } catch (JsonProcessingException e) {
            throw ProcessFailure.unavailable(url + " does not answer with a list of models");
        }
        if (models.isEmpty()) {
            throw ProcessFailure.unavailable(url + " lists no models");
        }
        return models;
    }

    /** Writes the file; JSON is YAML too. */
    public static Path write(Path file, URI base, List<String> models) throws IOException {
        var content = Json.object();
        var backend = content.putArray("backends").addObject();
        backend.put("name", "local").put("url", base + "/v1");
        var names = backend.putArray("models");
        models.forEach(names::add);
        return Files.writeString(file, Json.text(content) + "\n");
    }
}
