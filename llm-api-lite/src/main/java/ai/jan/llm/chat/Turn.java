// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.chat;

import ai.jan.llm.conversation.Item;
import java.util.List;
import java.util.Optional;

/**
 * What a chat has to do with a conversation: what it is told of it, and what it leaves there.
 * Closing a turn that stored nothing leaves the conversation as it was.
 */
interface Turn extends AutoCloseable {
    /** The conversation's id, for the answer. */
    Optional<String> conversation();

    /** What the model is told in this conversation, whatever it is asked. */
    Optional<String> instruction();

    /** What was said before. */
    List<Item> history();

    /** Whether what is said now is to be stored. */
    boolean isKept();

    /** Stores what was said now, all of it or nothing. At most once, and only if it is kept. */
    void finish(List<Item> said);

    @Override
    void close();

    /** A chat that belongs to no conversation. */
    record Plain() implements Turn {
        @Override
        public Optional<String> conversation() {
            return Optional.empty();
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
            return false;
        }

        @Override
        public void finish(List<Item> said) {
            throw new IllegalStateException("there is no conversation");
        }

        @Override
        public void close() {
            // nothing was held
        }
    }
}
