// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.conversation;

import ai.jan.kit.http.Exchange;
import ai.jan.kit.identity.Identity;
import ai.jan.llm.objects.PageRequest;
import ai.jan.llm.objects.Slice;
import ai.jan.llm.validation.Fields;
import ai.jan.llm.validation.Invalid;
import java.io.IOException;
import java.util.List;

/**
 * OpenAI's routes of a conversation's items (contract 6.1). Every {@code include} is accepted and
 * changes nothing: an item is always given back whole.
 */
public final class ItemRoutes {
    private final Conversations conversations;
    private final ConversationItems items;
    private final ConversationWriter writer;

    public ItemRoutes(
            Conversations conversations, ConversationItems items, ConversationWriter writer) {
        this.conversations = conversations;
        this.items = items;
        this.writer = writer;
    }

    /** Answers with a list of the items that were added, in the order of the request. */
    public void create(Exchange exchange, Identity caller) throws IOException {
        send(exchange, new Slice<>(store(exchange, caller, read(exchange)), false));
    }

    public void list(Exchange exchange, Identity caller) throws IOException {
        var page = PageRequest.newestFirst(exchange);
        send(exchange, load(exchange, caller, page));
    }

    public void retrieve(Exchange exchange, Identity caller) throws IOException {
        require(exchange, caller);
        var found = items.find(caller.subject(), conversation(exchange), item(exchange));
        exchange.send(200, found.orElseThrow(() -> Items.unknown(item(exchange))).body());
    }

    /** Answers with the conversation, as OpenAI does. */
    public void delete(Exchange exchange, Identity caller) throws IOException {
        var conversation = require(exchange, caller);
        if (!items.remove(caller.subject(), conversation.id(), item(exchange))) {
            throw Items.unknown(item(exchange));
        }
        exchange.send(200, conversation.toJson());
    }

    private static List<NewItem> read(Exchange exchange) throws IOException {
        try (var _ = exchange.span().step("validate")) {
            var fields = Fields.of(exchange.jsonObject());
            fields.required("items");
            var sent = fields.array("items").orElseThrow();
            if (sent.isEmpty()) {
                throw Invalid.emptyArray("items");
            }
            return ItemReader.read(sent);
        }
    }

    private List<Item> store(Exchange exchange, Identity caller, List<NewItem> said) {
        try (var _ = exchange.span().step("store")) {
            return writer.append(caller.subject(), conversation(exchange), said);
        }
    }

    private Slice<Item> load(Exchange exchange, Identity caller, PageRequest page) {
        try (var _ = exchange.span().step("load history")) {
            require(exchange, caller);
            return items.page(caller.subject(), conversation(exchange), page);
        }
    }

    private static void send(Exchange exchange, Slice<Item> slice) throws IOException {
        var bodies = slice.rows().stream().map(Item::body).toList();
        exchange.send(200, PageRequest.page(bodies, slice.more()));
    }

    private Conversation require(Exchange exchange, Identity caller) {
        return conversations
                .find(caller.subject(), conversation(exchange))
                .orElseThrow(() -> Conversations.unknown(conversation(exchange)));
    }

    private static String conversation(Exchange exchange) {
        return exchange.pathParameter("id");
    }

    private static String item(Exchange exchange) {
        return exchange.pathParameter("item");
    }
}
