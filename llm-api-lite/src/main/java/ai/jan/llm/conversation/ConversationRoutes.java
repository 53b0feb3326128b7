// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.conversation;

import ai.jan.kit.http.Exchange;
import ai.jan.kit.identity.Identity;
import ai.jan.kit.json.Json;
import ai.jan.llm.objects.PageRequest;
import ai.jan.llm.project.Projects;
import ai.jan.llm.validation.Fields;
import ai.jan.llm.validation.Invalid;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * OpenAI's routes of a conversation itself (contract 6.1), and Jan's: the list of them, and
 * deleting all.
 */
public final class ConversationRoutes {
    private final Conversations conversations;
    private final ConversationWriter writer;
    private final Projects projects;

    public ConversationRoutes(
            Conversations conversations, ConversationWriter writer, Projects projects) {
        this.conversations = conversations;
        this.writer = writer;
        this.projects = projects;
    }

    public void create(Exchange exchange, Identity caller) throws IOException {
        ConversationChange first;
        List<NewItem> items;
        try (var _ = exchange.span().step("validate")) {
            var bytes = exchange.body();
            var body = bytes.length == 0 ? Json.object() : Exchange.jsonObject(bytes);
            first = ConversationChange.read(body);
            items = Fields.of(body).array("items").map(ItemReader::read).orElse(List.of());
        }
        requireProject(caller, Optional.ofNullable(first.project()));
        exchange.send(200, store(exchange, caller, first, items).toJson());
    }

    /** Jan's own: the caller's conversations with their number, newest first. */
    public void list(Exchange exchange, Identity caller) throws IOException {
        var request = PageRequest.newestFirst(exchange);
        var filter =
                new ConversationFilter(
                        exchange.query("project_id").filter(id -> !id.isEmpty()),
                        exchange.query("referrer").filter(name -> !name.isEmpty()));
        requireProject(caller, filter.project());
        filter.referrer()
                .filter(name -> name.indexOf('\0') >= 0)
                .ifPresent(_ -> {
                    throw Invalid.value("referrer", "text without NUL");
                });
        var slice = conversations.page(caller.subject(), filter, request);
        var rows = slice.rows().stream().map(Conversation::toJson).toList();
        var page = PageRequest.page(rows, slice.more());
        exchange.send(200, page.put("total", conversations.count(caller.subject(), filter)));
    }

    public void retrieve(Exchange exchange, Identity caller) throws IOException {
        send(exchange, conversations.find(caller.subject(), id(exchange)));
    }

    public void update(Exchange exchange, Identity caller) throws IOException {
        var change = ConversationChange.read(exchange.jsonObject());
        if (change.isEmpty()) {
            throw Invalid.missing("metadata");
        }
        requireProject(caller, Optional.ofNullable(change.project()));
        send(exchange, conversations.update(caller.subject(), id(exchange), change));
    }

    public void delete(Exchange exchange, Identity caller) throws IOException {
        if (!conversations.delete(caller.subject(), id(exchange))) {
            throw Conversations.unknown(id(exchange));
        }
        exchange.send(
                200,
                Json.object()
                        .put("id", id(exchange))
                        .put("object", "conversation.deleted")
                        .put("deleted", true));
    }

    /** Jan's own: all conversations of the caller; their items stay, as with one of them. */
    public void deleteAll(Exchange exchange, Identity caller) throws IOException {
        int deleted = conversations.deleteAll(caller.subject());
        exchange.send(
                200,
                Json.object()
                        .put("object", "conversations.deleted")
                        .put("deleted", true)
                        .put("total", deleted));
    }

    private Conversation store(
            Exchange exchange, Identity caller, ConversationChange first, List<NewItem> items) {
        try (var _ = exchange.span().step("store")) {
            return writer.create(caller.subject(), first, items);
        }
    }

    private void requireProject(Identity caller, Optional<String> project) {
        project.ifPresent(id -> projects.require(caller.subject(), id));
    }

    private static void send(Exchange exchange, Optional<Conversation> found) throws IOException {
        exchange.send(200, found.orElseThrow(() -> Conversations.unknown(id(exchange))).toJson());
    }

    private static String id(Exchange exchange) {
        return exchange.pathParameter("id");
    }
}
