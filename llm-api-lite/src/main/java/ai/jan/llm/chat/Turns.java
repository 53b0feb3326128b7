// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.chat;

import ai.jan.database.DatabaseUnavailable;
import ai.jan.llm.conversation.ConversationItems;
import ai.jan.llm.conversation.ConversationWriter;
import ai.jan.llm.conversation.Ids;
import ai.jan.llm.conversation.Item;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Begins turns. Thread-safe. */
final class Turns {
    private static final Logger log = LoggerFactory.getLogger(Turns.class);
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration RENEWAL = Duration.ofSeconds(10);
    private static final int MAX_HISTORY = 1000;

    private final ConversationWriter writer;
    private final ConversationItems items;

    Turns(ConversationWriter writer, ConversationItems items) {
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
            case ConversationUse.Started _ ->
                    request.store() ? new First(owner, Ids.conversation()) : new Turn.Plain();
            case ConversationUse.Continued(var id) -> new Next(owner, id, request.store());
        };
    }

    /** Of a conversation that comes into being with what is stored. */
    private final class First implements Turn {
        private final String owner;
        private final String id;

        First(String owner, String id) {
            this.owner = owner;
            this.id = id;
        }

        @Override
        public Optional<String> conversation() {
            return Optional.of(id);
        }

        @Override
        public List<Item> history() {
            return List.of();
        }

        @Override
        public void finish(List<Item> said) {
            writer.createWith(owner, id, said);
        }

        @Override
        public void close() {
            // nobody else knows it: nothing was locked
        }
    }

    /** Of a conversation that goes on. Its lock is renewed as long as the model takes. */
    private final class Next implements Turn {
        private final UUID turn = UUID.randomUUID();
        private final String owner;
        private final String id;
        private final boolean store;
        private final List<Item> history;
        private final Thread renewal;
        private boolean finished;

        Next(String owner, String id, boolean store) {
            this.owner = owner;
            this.id = id;
            this.store = store;
            writer.lock(owner, id, turn, LEASE);
            try {
                var last = items.last(owner, id, MAX_HISTORY);
                this.history = last.more() ? History.fromAQuestion(last.items()) : last.items();
            } catch (RuntimeException e) {
                unlock();
                throw e;
            }
            this.renewal = Thread.ofVirtual().name("turn-" + id).start(this::renew);
        }

        @Override
        public Optional<String> conversation() {
            return Optional.of(id);
        }

        @Override
        public List<Item> history() {
            return history;
        }

        @Override
        public void finish(List<Item> said) {
            if (store) {
                writer.finish(owner, id, turn, said);
                finished = true;
            }
        }

        @Override
        public void close() {
            renewal.interrupt();
            if (!finished) {
                unlock();
            }
        }

        private void unlock() {
            try {
                writer.unlock(owner, id, turn);
            } catch (DatabaseUnavailable | JdbiException e) {
                log.warn("{} stays locked until its lease ends", id, e);
            }
        }

        private void renew() {
            try {
                do {
                    Thread.sleep(RENEWAL);
                } while (isRenewed());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** A database that is away for a moment is asked again; a lock that is lost is lost. */
        private boolean isRenewed() {
            try {
                return writer.renew(owner, id, turn, LEASE);
            } catch (DatabaseUnavailable e) {
                log.warn("{}: its lock could not be renewed", id, e);
                return !Thread.currentThread().isInterrupted();
            }
        }
    }
}
