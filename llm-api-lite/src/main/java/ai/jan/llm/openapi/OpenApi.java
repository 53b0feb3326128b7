// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.openapi;

import ai.jan.kit.http.Exchange;
import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;

/** {@code GET /openapi.json}: the document that is written in {@code openapi.yml}. */
public final class OpenApi {
    private final byte[] json;

    private OpenApi(byte[] json) {
        this.json = json;
    }

    /**
     * @throws IOException if the document cannot be read
     */
    public static OpenApi load() throws IOException {
        return new OpenApi(Json.bytes(document()));
    }

    /** The document itself. */
    public static JsonNode document() throws IOException {
        try (var file = OpenApi.class.getResourceAsStream("openapi.yml")) {
            if (file == null) {
                throw new IOException("openapi.yml is not where this class is");
            }
            return new YAMLMapper().readTree(file);
        }
    }

    /** Anybody may ask: it says nothing that is not in the documentation. */
    public void send(Exchange exchange) throws IOException {
        exchange.send(200, "application/json", json);
    }
}
