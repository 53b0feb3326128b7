// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.project;

import ai.jan.kit.http.Exchange;
import ai.jan.kit.identity.Identity;
import ai.jan.kit.json.Json;
import ai.jan.llm.objects.PageRequest;
import java.io.IOException;
import java.util.Optional;

/** Jan's routes of projects (Jan contract 1.7). */
public final class ProjectRoutes {
    private final Projects projects;

    public ProjectRoutes(Projects projects) {
        this.projects = projects;
    }

    public void create(Exchange exchange, Identity caller) throws IOException {
        var change = ProjectChange.read(exchange.jsonObject());
        exchange.send(201, projects.create(caller.subject(), change).toJson());
    }

    /** Newest first. {@code next_cursor}, given as {@code cursor}, leads to the next page. */
    public void list(Exchange exchange, Identity caller) throws IOException {
        var asked = PageRequest.newestFirst(exchange);
        var cursor = exchange.query("cursor").filter(text -> !text.isEmpty());
        var request =
                new PageRequest(asked.limit(), asked.ascending(), asked.after().or(() -> cursor));
        var slice = projects.page(caller.subject(), request);
        var rows = slice.rows().stream().map(Project::toJson).toList();
        var page = PageRequest.page(rows, slice.more());
        var next = page.path("has_more").asBoolean() ? page.path("last_id").textValue() : null;
        exchange.send(200, page.put("next_cursor", next));
    }

    public void retrieve(Exchange exchange, Identity caller) throws IOException {
        send(exchange, projects.find(caller.subject(), id(exchange)));
    }

    public void update(Exchange exchange, Identity caller) throws IOException {
        var change = ProjectChange.read(exchange.jsonObject());
        send(exchange, projects.update(caller.subject(), id(exchange), change));
    }

    public void delete(Exchange exchange, Identity caller) throws IOException {
        if (!projects.delete(caller.subject(), id(exchange))) {
            throw Projects.unknown(id(exchange));
        }
        exchange.send(
                200,
                Json.object()
                        .put("id", id(exchange))
                        .put("object", "project.deleted")
                        .put("deleted", true));
    }

    private static void send(Exchange exchange, Optional<Project> found) throws IOException {
        exchange.send(200, found.orElseThrow(() -> Projects.unknown(id(exchange))).toJson());
    }

    private static String id(Exchange exchange) {
        return exchange.pathParameter("id");
    }
}
