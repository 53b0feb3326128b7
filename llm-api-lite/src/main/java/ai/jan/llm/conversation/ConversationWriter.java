// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.conversation;

import ai.jan.database.Database;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.llm.objects.Ids;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Everything that adds to a conversation. Numbers are taken from the conversation's own row, whose
 * lock makes writers wait for each other; a turn that waits for a model keeps others out by a lock
 * of its own with an expiry, so that a process that dies leaves nothing locked for long.
 */
public final class ConversationWriter {
    private final Database database;
    private final Conversations conversations;
    private final ConversationItems items;

    public ConversationWriter(
            Database database, Conversations conversations, ConversationItems items) {
        this.database = database;
        this.conversations = conversations;
        this.items = items;
    }

    /** Creates a conversation with its first items. */
    Conversation create(String owner, ConversationChange first, List<NewItem> said) {
        return database.inTransaction(handle -> {
            var created = conversations.create(handle, owner, Ids.conversation(), first);
            if (!said.isEmpty()) {
                add(handle, owner, created.id(), null, said);
            }
            return created;
        });
    }

    /**
     * Adds items to a conversation that no turn is writing.
     *
     * @throws ApiProblem 404 if it is not the owner's, 400 if it is locked
     */
    List<Item> append(String owner, String conversation, List<NewItem> added) {
        requireWellFormed(conversation);
        return database.inTransaction(handle -> add(handle, owner, conversation, null, added));
    }

    /**
     * Keeps other writers out of a conversation.
     *
     * @return the number that the next item gets
     * @throws ApiProblem 404 if it is not the owner's, 400 if another turn is writing it
     */
    long lock(String owner, String conversation, UUID turn, Duration lease) {
        requireWellFormed(conversation);
        return database.inTransaction(handle ->
                handle.createQuery(
                                """
                                UPDATE chat.conversations
                                SET locked_by = :turn, locked_until = clock_timestamp() + make_interval(secs => :lease)
                                WHERE owner = :owner AND id = :id
                                  AND (locked_by IS NULL OR locked_until < clock_timestamp())
                                RETURNING next_sequence
                                """)
                        .bind("turn", turn)
                        .bind("lease", lease.toSeconds())
                        .bind("owner", owner)
                        .bind("id", conversation)
                        .mapTo(long.class)
                        .findOne()
                        .orElseThrow(() -> refusal(handle, owner, conversation)));
    }

    /** Renews the lock of a turn; false if it is not the turn's any more. */
    boolean renew(String owner, String conversation, UUID turn, Duration lease) {
        return database.with(handle ->
                handle.createUpdate(
                                """
                                UPDATE chat.conversations SET locked_until = clock_timestamp() + make_interval(secs => :lease)
                                WHERE owner = :owner AND id = :id AND locked_by = :turn
                                """)
                        .bind("turn", turn)
                        .bind("lease", lease.toSeconds())
                        .bind("owner", owner)
                        .bind("id", conversation)
                        .execute())
                == 1;
    }

    /** Ends a turn that stores nothing. */
    void unlock(String owner, String conversation, UUID turn) {
        database.with(handle ->
                handle.createUpdate(
                                """
                                UPDATE chat.conversations SET locked_by = NULL, locked_until = NULL
                                WHERE owner = :owner AND id = :id AND locked_by = :turn
                                """)
                        .bind("owner", owner)
                        .bind("id", conversation)
                        .bind("turn", turn)
                        .execute());
    }

    /**
     * Ends a turn: its items are stored together and the lock is gone.
     *
     * @throws ApiProblem if the conversation was deleted meanwhile, or the lock was lost
     */
    void finish(String owner, String conversation, UUID turn, List<Item> said) {
        var added = said.stream().<NewItem>map(NewItem.Created::new).toList();
        var title = Title.of(said).orElse(null);
        database.inTransaction(handle -> add(handle, owner, conversation, turn, title, added));
    }

    /** Stores the first turn of a conversation that did not exist before. */
    public void createWith(
            String owner, String conversation, Optional<String> referrer, List<Item> said) {
        var added = said.stream().<NewItem>map(NewItem.Created::new).toList();
        var first = ConversationChange.begun(Title.of(said), referrer);
        database.inTransaction(handle -> {
            conversations.create(handle, owner, conversation, first);
            return add(handle, owner, conversation, null, added);
        });
    }

    /**
     * Adds items at the end.
     *
     * @param turn that has the conversation locked, or null to add when no turn has
     */
    List<Item> add(
            Handle handle,
            String owner,
            String conversation,
            @Nullable UUID turn,
            List<NewItem> added) {
        return add(handle, owner, conversation, turn, null, added);
    }

    private List<Item> add(
            Handle handle,
            String owner,
            String conversation,
            @Nullable UUID turn,
            @Nullable String title,
            List<NewItem> added) {
        var first =
                nextSequence(handle, owner, conversation, turn, title, added.size())
                        .orElseThrow(() -> refusal(handle, owner, conversation));
        return items.append(handle, owner, conversation, first, added);
    }

    /**
     * Takes numbers for so many items, and the lock's end if a turn holds it; a title if there is
     * none.
     */
    private static Optional<Long> nextSequence(
            Handle handle,
            String owner,
            String conversation,
            @Nullable UUID turn,
            @Nullable String title,
            int count) {
        return handle.createQuery(
                        """
                        UPDATE chat.conversations
                        SET next_sequence = next_sequence + :count, locked_by = NULL, locked_until = NULL, used_at = now(),
                          title = coalesce(title, :title)
                        WHERE owner = :owner AND id = :id
                          AND CASE WHEN :turn::uuid IS NULL
                              THEN locked_by IS NULL OR locked_until < clock_timestamp()
                              ELSE locked_by = :turn::uuid END
                        RETURNING next_sequence - :count
                        """)
                .bind("count", count)
                .bind("title", title)
                .bind("owner", owner)
                .bind("id", conversation)
                .bind("turn", turn)
                .mapTo(Long.class)
                .findOne();
    }

    private static ApiProblem refusal(Handle handle, String owner, String conversation) {
        boolean exists =
                handle.createQuery(
                                """
                                SELECT EXISTS (
                                  SELECT 1 FROM chat.conversations WHERE owner = :owner AND id = :id)
                                """)
                        .bind("owner", owner)
                        .bind("id", conversation)
                        .mapTo(boolean.class)
                        .one();
        return exists
                ? ApiProblem.badRequest(
                        "conversation_locked",
                        "conversation",
                        "Another request is writing this conversation. Please try again.")
                : Conversations.unknown(conversation);
    }

    private static void requireWellFormed(String conversation) {
        if (!Ids.isWellFormed(conversation)) {
            throw Conversations.unknown(conversation);
        }
    }
}
