// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.conversation;

import ai.jan.database.DatabaseUnavailable;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right of one turn to write a conversation, which others wait for. It is renewed as long as
 * the model takes and ends by itself soon after this process has died. Closing one that stored
 * nothing leaves the conversation as it was. Used by one thread.
 */
public final class ConversationLease implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ConversationLease.class);
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration RENEWAL = Duration.ofSeconds(10);

    private final UUID turn = UUID.randomUUID();
    private final ConversationWriter writer;
    private final String owner;
    private final String conversation;
    private final long nextSequence;
    private final Thread renewal;
    private boolean finished;

    private ConversationLease(ConversationWriter writer, String owner, String conversation) {
        this.writer = writer;
        this.owner = owner;
        this.conversation = conversation;
        this.nextSequence = writer.lock(owner, conversation, turn, LEASE);
        this.renewal = Thread.ofVirtual().name("turn-" + conversation).unstarted(this::renew);
    }

    /**
     * @throws ai.jan.kit.problem.ApiProblem 404 if the owner has no such conversation, 400 if
     *     another request is writing it
     */
    public static ConversationLease take(
            ConversationWriter writer, String owner, String conversation) {
        var lease = new ConversationLease(writer, owner, conversation);
        lease.renewal.start();
        return lease;
    }

    public String conversation() {
        return conversation;
    }

    /** The number that the next item gets: what was there before has smaller ones. */
    public long nextSequence() {
        return nextSequence;
    }

    /**
     * Stores what was said, all of it or nothing, and gives the right back. At most once.
     *
     * @throws ai.jan.kit.problem.ApiProblem if the conversation was deleted meanwhile, or the right
     *     was lost
     */
    public void finish(List<Item> said) {
        writer.finish(owner, conversation, turn, said);
        finished = true;
    }

    /**
     * The same within a transaction of somebody else.
     *
     * @param handle whose transaction may still be rolled back: the right is then given back when
     *     this is closed
     * @return the items as they are stored
     */
    public List<Item> finish(Handle handle, List<NewItem> said) {
        return writer.add(handle, owner, conversation, turn, said);
    }

    @Override
    public void close() {
        renewal.interrupt();
        if (!finished) {
            try {
                writer.unlock(owner, conversation, turn);
            } catch (DatabaseUnavailable | JdbiException e) {
                log.warn("{} stays locked until its lease ends", conversation, e);
            }
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
            return writer.renew(owner, conversation, turn, LEASE);
        } catch (DatabaseUnavailable e) {
            log.warn("{}: its lock could not be renewed", conversation, e);
            return !Thread.currentThread().isInterrupted();
        }
    }
}
