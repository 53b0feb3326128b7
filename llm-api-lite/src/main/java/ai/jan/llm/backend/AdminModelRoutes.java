// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.backend;

import ai.jan.kit.http.Exchange;
import ai.jan.kit.identity.Identity;
import ai.jan.kit.json.Json;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.llm.validation.Fields;
import ai.jan.llm.validation.Invalid;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What administrators do with models, below {@code /v1/admin/models/catalogs}: list all of them,
 * switch one or many on and off. Everything else about them is in the backends file.
 */
public final class AdminModelRoutes {
    private static final String ADMIN = "admin";
    private static final int MAX_IDS = 1000;

    private final Models models;
    private final ModelSwitches switches;
    private final ModelDescriptions descriptions;

    public AdminModelRoutes(Models models, ModelSwitches switches) {
        this.models = models;
        this.switches = switches;
        this.descriptions = new ModelDescriptions(models);
    }

    public void list(Exchange exchange, Identity caller) throws IOException {
        requireAdmin(caller);
        var all = Json.object();
        var data = all.putArray("data");
        models.configured().forEach(id -> data.add(descriptions.catalog(id)));
        exchange.send(200, all.put("total", data.size()).put("limit", data.size()));
    }

    public void retrieve(Exchange exchange, Identity caller) throws IOException {
        requireAdmin(caller);
        exchange.send(200, descriptions.catalog(configured(exchange.pathParameter("id"))));
    }

    /** {@code {"active": false}}. */
    public void update(Exchange exchange, Identity caller) throws IOException {
        requireAdmin(caller);
        var id = configured(exchange.pathParameter("id"));
        var fields = Fields.of(exchange.jsonObject());
        fields.required("active");
        turn(List.of(id), fields.flag("active"), caller);
        exchange.send(200, descriptions.catalog(id));
    }

    /** {@code {"enable": false, "catalog_ids": [], "except_models": []}}; all without ids. */
    public void toggle(Exchange exchange, Identity caller) throws IOException {
        requireAdmin(caller);
        var body = exchange.jsonObject();
        var fields = Fields.of(body);
        fields.required("enable");
        boolean enable = fields.flag("enable");
        var asked = ids(fields, "catalog_ids");
        var except = ids(fields, "except_models");
        var all = asked.isEmpty() ? Set.copyOf(models.configured()) : asked;
        var changed =
                all.stream()
                        .filter(models.configured()::contains)
                        .filter(id -> !except.contains(id))
                        .filter(id -> models.isSwitchedOff(id) == enable)
                        .toList();
        turn(changed, enable, caller);
        exchange.send(200, counts(all.size(), changed.size()));
    }

    private void turn(List<String> ids, boolean active, Identity caller) {
        switches.set(ids, active, caller.subject());
        models.switchOff(switches.off());
    }

    private String configured(String id) {
        if (!models.configured().contains(id)) {
            throw Models.unknown(id);
        }
        return id;
    }

    private static ObjectNode counts(int checked, int updated) {
        return Json.object()
                .put("updated_count", updated)
                .put("skipped_count", checked - updated)
                .put("total_checked", checked);
    }

    private static Set<String> ids(Fields fields, String name) {
        var ids = new HashSet<String>();
        fields.array(name)
                .ifPresent(array -> {
                    if (array.size() > MAX_IDS) {
                        throw Invalid.value(name, "at most " + MAX_IDS + " ids");
                    }
                    for (var id : array) {
                        if (!id.isTextual()) {
                            throw Invalid.type(name, "an array of strings", id);
                        }
                        ids.add(id.textValue());
                    }
                });
        return ids;
    }

    private static void requireAdmin(Identity caller) {
        if (!caller.roles().contains(ADMIN)) {
            throw new ApiProblem(
                    403,
                    ApiProblem.INVALID_REQUEST,
                    "insufficient_permissions",
                    null,
                    "This is for administrators only.");
        }
    }
}
