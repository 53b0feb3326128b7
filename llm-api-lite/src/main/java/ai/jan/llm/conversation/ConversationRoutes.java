// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.conversation;

import ai.jan.kit.http.Exchange;
import ai.jan.kit.identity.Identity;
import ai.jan.kit.json.Json;
import ai.jan.llm.validation.Fields;
import ai.jan.llm.validation.Invalid;
import ai.jan.llm.validation.Metadata;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** OpenAI's routes of a conversation itself (contract 6.1), and Jan's list of them. */
public final class ConversationRoutes {
    private static final int MAX_TITLE = 256;

    private final Conversations conversations;
    private final ConversationWriter writer;

    public ConversationRoutes(Conversations conversations, ConversationWriter writer) {
        this.conversations = conversations;
        this.writer = writer;
    }

    public void create(Exchange exchange, Identity caller) throws IOException {
        var bytes = exchange.body();
        var body = bytes.length == 0 ? Json.object() : Exchange.jsonObject(bytes);
        var fields = Fields.of(body);
        var metadata = Metadata.of(body).orElseGet(Json::object);
        var items = fields.array("items").map(ItemReader::read).orElse(List.of());
        var title = title(fields).orElse(null);
        exchange.send(200, writer.create(caller.subject(), title, metadata, items).toJson());
    }

    /** Jan's own: the caller's conversations with their number, newest first. */
    public void list(Exchange exchange, Identity caller) throws IOException {
        var request = PageRequest.of(exchange);
        var rows = conversations.page(caller.subject(), request);
        var page = request.page(rows.stream().map(Conversation::toJson).toList());
        exchange.send(200, page.put("total", conversations.count(caller.subject())));
    }

    public void retrieve(Exchange exchange, Identity caller) throws IOException {
        send(exchange, conversations.find(caller.subject(), id(exchange)));
    }

    public void update(Exchange exchange, Identity caller) throws IOException {
        var body = exchange.jsonObject();
        var title = title(Fields.of(body));
        var metadata = Metadata.of(body);
        if (metadata.isEmpty() && title.isEmpty()) {
            throw Invalid.missing("metadata");
        }
        send(
                exchange,
                conversations.update(
                        caller.subject(), id(exchange), title.orElse(null), metadata.orElse(null)));
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

    private static void send(Exchange exchange, Optional<Conversation> found) throws IOException {
        ObjectNode json = found.orElseThrow(() -> Conversations.unknown(id(exchange))).toJson();
        exchange.send(200, json);
    }

    private static Optional<String> title(Fields fields) {
        var title = fields.text("title");
        title.ifPresent(text -> {
            if (text.isBlank()) {
                throw Invalid.emptyText("title");
            }
            if (text.length() > MAX_TITLE) {
                throw Invalid.tooLong("title", MAX_TITLE, text.length());
            }
            if (text.indexOf('\0') >= 0) {
                throw Invalid.value("title", "text without NUL");
            }
        });
        return title;
    }

    private static String id(Exchange exchange) {
        return exchange.pathParameter("id");
    }
}
