// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.conversation;

/** An item to be added to a conversation. */
public sealed interface NewItem {
    /** One that does not exist yet. */
    record Created(Item item) implements NewItem {}

    /**
     * One that came with an id: if the owner has an item of that id, that one is meant and what was
     * sent is ignored (contract 6.3).
     */
    record Named(Item item) implements NewItem {}

    /** One that must exist: {@code {"type":"item_reference","id":…}}. */
    record Reference(String id) implements NewItem {}
}
