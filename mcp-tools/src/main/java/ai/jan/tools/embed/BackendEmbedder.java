// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.embed;

import ai.jan.kit.config.Secret;
import ai.jan.kit.json.Json;
import ai.jan.tools.tool.JsonApi;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import okhttp3.HttpUrl;
import okhttp3.Request;

/** A model server's {@code /v1/embeddings}. */
final class BackendEmbedder implements Embedder {
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final int MAX_BYTES = 32 * 1024 * 1024;
    private static final int BATCH = 64;
    private static final int MAX_DIMENSIONS = 8192;

    private final JsonApi api = new JsonApi(ANSWER, MAX_BYTES);
    private final HttpUrl url;
    private final String model;
    private final Optional<Secret> key;

    BackendEmbedder(URI base, String model, Optional<Secret> key) {
        this.url = HttpUrl.get(base.toString()).newBuilder().addPathSegment("embeddings").build();
        this.model = model;
        this.key = key;
    }

    @Override
    public String model() {
        return model;
    }

    @Override
    public List<Vector> embed(List<String> texts) throws IOException {
        var vectors = new ArrayList<Vector>(texts.size());
        for (int from = 0; from < texts.size(); from += BATCH) {
            vectors.addAll(ask(texts.subList(from, Math.min(from + BATCH, texts.size()))));
        }
        return vectors;
    }

    private List<Vector> ask(List<String> texts) throws IOException {
        var body = Json.object().put("model", model).put("encoding_format", "float");
        var input = body.putArray("input");
        texts.forEach(input::add);
        var request = new Request.Builder().url(url).post(JsonApi.body(body));
        key.ifPresent(secret -> request.header("Authorization", "Bearer " + secret.reveal()));
        var data = api.ask(request.build()).path("data");
        var vectors = new ArrayList<Vector>(texts.size());
        for (var item : data) {
            vectors.add(vector(item.path("embedding")));
        }
        if (vectors.size() != texts.size()) {
            throw new IOException(vectors.size() + " vectors for " + texts.size() + " texts");
        }
        return vectors;
    }

    private static Vector vector(JsonNode numbers) throws IOException {
        if (!numbers.isArray() || numbers.isEmpty() || numbers.size() > MAX_DIMENSIONS) {
            throw new IOException("not a vector");
        }
        var values = new float[numbers.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) numbers.path(i).asDouble();
        }
        return Vector.of(values);
    }

    @Override
    public void close() {
        // its connections end by themselves
    }
}
