// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.backend;

import ai.jan.kit.http.Exchange;
import ai.jan.kit.identity.Identity;
import ai.jan.kit.json.Json;
import java.io.IOException;

/** {@code GET /v1/models} and {@code GET /v1/models/{id}}. */
public final class ModelRoutes {
    private final Models models;

    public ModelRoutes(Models models) {
        this.models = models;
    }

    public void list(Exchange exchange, Identity caller) throws IOException {
        var list = Json.object().put("object", "list");
        list.putArray("data").addAll(models.list());
        exchange.send(200, list);
    }

    public void retrieve(Exchange exchange, Identity caller) throws IOException {
        exchange.send(200, models.describe(exchange.pathParameter("id")));
    }
}
