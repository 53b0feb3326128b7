// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.backend;

import ai.jan.kit.http.Exchange;
import ai.jan.kit.identity.Identity;
import ai.jan.kit.json.Json;
import java.io.IOException;

/**
 * The models a caller may use: {@code GET /v1/models}, {@code /v1/models/{id}}, and Jan's {@code
 * /v1/models/catalogs/{id}} and {@code /v1/models/providers}.
 */
public final class ModelRoutes {
    private static final String BY_PROVIDER = "X-PROVIDER-DATA";

    private final Models models;
    private final ModelDescriptions descriptions;

    public ModelRoutes(Models models) {
        this.models = models;
        this.descriptions = new ModelDescriptions(models);
    }

    /** With {@code X-PROVIDER-DATA: true} one object for each backend of a model. */
    public void list(Exchange exchange, Identity caller) throws IOException {
        boolean byProvider = exchange.header(BY_PROVIDER).filter("true"::equals).isPresent();
        var list = Json.object().put("object", "list");
        var data = list.putArray("data");
        for (var name : descriptions.names(caller)) {
            if (byProvider) {
                data.addAll(descriptions.modelByProvider(name, caller.grant()));
            } else {
                data.add(descriptions.model(name, caller.grant()));
            }
        }
        exchange.send(200, list);
    }

    public void retrieve(Exchange exchange, Identity caller) throws IOException {
        var name = permitted(exchange, caller);
        exchange.send(200, descriptions.model(name, caller.grant()));
    }

    public void catalog(Exchange exchange, Identity caller) throws IOException {
        var name = permitted(exchange, caller);
        exchange.send(200, descriptions.catalog(name, caller.grant()));
    }

    /** A bare array, as Jan's clients know it, without the addresses that it told everybody. */
    public void providers(Exchange exchange, Identity caller) throws IOException {
        var all = Json.array();
        models.backends().forEach(backend -> all.add(descriptions.provider(backend)));
        exchange.send(200, all);
    }

    private static String permitted(Exchange exchange, Identity caller) {
        var name = exchange.pathParameter("id");
        if (!caller.grant().mayAskFor(name)) {
            throw Models.unknown(name);
        }
        return name;
    }
}
