// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.chat;

import ai.jan.llm.conversation.ConversationItems;
import ai.jan.llm.conversation.ConversationLease;
import ai.jan.llm.conversation.ConversationWriter;
import ai.jan.llm.conversation.Conversations;
import ai.jan.llm.conversation.Item;
import ai.jan.llm.objects.Ids;
import java.util.List;
import java.util.Optional;

/** Begins turns. Thread-safe. */
final class Turns {
    private static final int MAX_HISTORY = 1000;

    private final Conversations conversations;
    private final ConversationWriter writer;
    private final ConversationItems items;

    Turns(Conversations conversations, ConversationWriter writer, ConversationItems items) {
        this.conversations = conversations;
        this.writer = writer;
        this.items = items;
    }

    /**
     * Keeps other writers out of the conversation and loads what was said in it.
     *
     * @throws ai.jan.kit.problem.ApiProblem 404 if the caller has no such conversation, 400 if
     *     another request is writing it
     */
    Turn begin(String owner, ChatRequest request) {
        return switch (request.conversation()) {
            case ConversationUse.None _ -> new Turn.Plain();
            case ConversationUse.Started(var referrer) ->
                    request.keepsTurn()
                            ? new First(owner, Ids.conversation(), referrer)
                            : new Turn.Plain();
            case ConversationUse.Continued(var id) -> new Next(owner, id, request.keepsTurn());
        };
    }

    /** Of a conversation that comes into being with what is stored. */
    private final class First implements Turn {
        private final String owner;
        private final String id;
        private final Optional<String> referrer;

        First(String owner, String id, Optional<String> referrer) {
            this.owner = owner;
            this.id = id;
            this.referrer = referrer;
        }

        @Override
        public Optional<String> conversation() {
            return Optional.of(id);
        }

        @Override
        public Optional<String> instruction() {
            return Optional.empty();
        }

        @Override
        public List<Item> history() {
            return List.of();
        }

        @Override
        public boolean isKept() {
            return true;
        }

        @Override
        public void finish(List<Item> said) {
            writer.createWith(owner, id, referrer, said);
        }

        @Override
        public void close() {
            // nobody else knows it: nothing was locked
        }
    }

    /** Of a conversation that goes on, which it keeps others out of. */
    private final class Next implements Turn {
        private final ConversationLease lease;
        private final boolean store;
        private final Optional<String> instruction;
        private final List<Item> history;

        Next(String owner, String id, boolean store) {
            this.lease = ConversationLease.take(writer, owner, id);
            this.store = store;
            try {
                this.instruction = conversations.instruction(owner, id);
                var last = items.last(owner, id, MAX_HISTORY);
                this.history = last.more() ? History.fromAQuestion(last.rows()) : last.rows();
            } catch (RuntimeException e) {
                lease.close();
                throw e;
            }
        }

        @Override
        public Optional<String> conversation() {
            return Optional.of(lease.conversation());
        }

        @Override
        public Optional<String> instruction() {
            return instruction;
        }

        @Override
        public List<Item> history() {
            return history;
        }

        @Override
        public boolean isKept() {
            return store;
        }

        @Override
        public void finish(List<Item> said) {
            lease.finish(said);
        }

        @Override
        public void close() {
            lease.close();
        }
    }
}
