// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.response;

import ai.jan.database.Database;
import ai.jan.llm.conversation.ConversationItems;
import ai.jan.llm.conversation.ConversationLease;
import ai.jan.llm.conversation.ConversationWriter;
import ai.jan.llm.conversation.Conversations;
import ai.jan.llm.conversation.Item;
import ai.jan.llm.conversation.Items;
import ai.jan.llm.conversation.NewItem;
import ai.jan.llm.objects.Slice;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Begins the turns of responses. Thread-safe. */
final class ResponseTurns {
    private static final int MAX_HISTORY = 1000;

    private final Database database;
    private final Responses responses;
    private final Conversations conversations;
    private final ConversationWriter writer;
    private final ConversationItems items;

    ResponseTurns(
            Database database,
            Responses responses,
            Conversations conversations,
            ConversationWriter writer,
            ConversationItems items) {
        this.database = database;
        this.responses = responses;
        this.conversations = conversations;
        this.writer = writer;
        this.items = items;
    }

    /**
     * Finds what the request refers to, without keeping anybody from anything: nothing is to be
     * kept.
     *
     * @throws ai.jan.kit.problem.ApiProblem 404 or 400 if the owner does not have it
     */
    ResponseTurn look(String owner, ResponseRequest request) {
        if (request.conversation().isEmpty()) {
            return begin(owner, request);
        }
        var id = request.conversation().get();
        conversations.require(owner, id);
        return turn(
                owner,
                request,
                Optional.empty(),
                conversations.instruction(owner, id),
                items.last(owner, id, MAX_HISTORY),
                database.with(handle -> resolved(handle, owner, request)));
    }

    /**
     * Finds what the request refers to, and keeps other writers out of its conversation.
     *
     * @throws ai.jan.kit.problem.ApiProblem 404 or 400 if the owner does not have it, 400 if
     *     another request is writing the conversation
     */
    ResponseTurn begin(String owner, ResponseRequest request) {
        if (request.conversation().isPresent()) {
            return inConversation(owner, request, request.conversation().get());
        }
        var previous = request.previous();
        previous.ifPresent(id -> {
            if (responses.find(owner, id).isEmpty()) {
                throw Responses.unknownPrevious(id);
            }
        });
        if (previous.isEmpty() && request.input().stream().allMatch(ResponseTurns::isNew)) {
            // No question to the database: a response that is not kept works without it.
            return turn(
                    owner, request, Optional.empty(), Optional.empty(), nothing(), given(request));
        }
        return database.with(handle -> {
            var history =
                    previous.map(id -> Responses.chain(handle, owner, id, MAX_HISTORY))
                            .orElseGet(ResponseTurns::nothing);
            return turn(
                    owner,
                    request,
                    Optional.empty(),
                    Optional.empty(),
                    history,
                    resolved(handle, owner, request));
        });
    }

    private ResponseTurn inConversation(String owner, ResponseRequest request, String id) {
        var lease = ConversationLease.take(writer, owner, id);
        try {
            var input =
                    database.with(handle -> {
                        for (var item : request.input()) {
                            requireNew(handle, owner, lease, item);
                        }
                        return resolved(handle, owner, request);
                    });
            return turn(
                    owner,
                    request,
                    Optional.of(lease),
                    conversations.instruction(owner, id),
                    items.last(owner, id, MAX_HISTORY),
                    input);
        } catch (RuntimeException e) {
            lease.close();
            throw e;
        }
    }

    private ResponseTurn turn(
            String owner,
            ResponseRequest request,
            Optional<ConversationLease> lease,
            Optional<String> instruction,
            Slice<Item> history,
            List<Item> input) {
        return new ResponseTurn(database, owner, request, lease, instruction, history, input);
    }

    private static void requireNew(
            Handle handle, String owner, ConversationLease lease, NewItem item) {
        var id =
                switch (item) {
                    case NewItem.Created _ -> Optional.<String>empty();
                    case NewItem.Named(var named) -> Optional.of(named.id());
                    case NewItem.Reference(var reference) -> Optional.of(reference);
                };
        id.ifPresent(name ->
                ConversationItems.requireNew(
                        handle, owner, lease.conversation(), lease.nextSequence(), name));
    }

    private static List<Item> resolved(Handle handle, String owner, ResponseRequest request) {
        return request.input().stream().map(item -> Items.resolve(handle, owner, item)).toList();
    }

    private static boolean isNew(NewItem item) {
        return item instanceof NewItem.Created;
    }

    private static List<Item> given(ResponseRequest request) {
        return request.input().stream()
                .map(NewItem.Created.class::cast)
                .map(NewItem.Created::item)
                .toList();
    }

    private static Slice<Item> nothing() {
        return new Slice<>(List.of(), false);
    }
}
