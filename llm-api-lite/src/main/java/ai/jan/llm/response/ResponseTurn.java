// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.response;

import ai.jan.database.Database;
import ai.jan.llm.conversation.ConversationLease;
import ai.jan.llm.conversation.Item;
import ai.jan.llm.conversation.Items;
import ai.jan.llm.conversation.NewItem;
import ai.jan.llm.objects.Slice;
import ai.jan.llm.response.Responses.Place;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * One request for a response and what it leaves behind. The conversation it belongs to, if it does,
 * is kept from other writers until this is closed. Used by one thread.
 *
 * @param lease of the conversation
 * @param instruction of the conversation's project
 * @param history what was said before, oldest first
 * @param input what is said now, references resolved
 */
record ResponseTurn(
        Database database,
        String owner,
        ResponseRequest request,
        Optional<ConversationLease> lease,
        Optional<String> instruction,
        Slice<Item> history,
        List<Item> input)
        implements AutoCloseable {

    /**
     * Keeps what was said, in and out, all of it or nothing: in the conversation, whether the
     * response is kept or not (contract 6.6), and the response itself unless that is not wanted. At
     * most once.
     *
     * @param output the items of the answer
     * @throws ai.jan.kit.problem.ApiProblem if the conversation was deleted meanwhile
     */
    void finish(ObjectNode response, List<ObjectNode> output) {
        if (lease.isEmpty() && !request.store()) {
            return;
        }
        var said = new ArrayList<>(request.input());
        output.forEach(body -> said.add(new NewItem.Created(new Item(body))));
        database.inTransaction(handle -> {
            var stored = store(handle, said);
            if (request.store()) {
                int inputs = request.input().size();
                Responses.add(
                        handle,
                        owner,
                        response,
                        place(),
                        stored.subList(0, inputs),
                        stored.subList(inputs, stored.size()));
            }
            return null;
        });
    }

    @Override
    public void close() {
        lease.ifPresent(ConversationLease::close);
    }

    private List<Item> store(Handle handle, List<NewItem> said) {
        return lease.isPresent()
                ? lease.get().finish(handle, said)
                : said.stream().map(item -> Items.store(handle, owner, item)).toList();
    }

    private Place place() {
        return new Place(
                request.previous().orElse(null),
                lease.map(ConversationLease::conversation).orElse(null),
                lease.map(ConversationLease::nextSequence).orElse(null));
    }
}
