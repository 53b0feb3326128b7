// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.chat;

import ai.jan.kit.http.Exchange;
import ai.jan.kit.identity.Identity;
import ai.jan.llm.backend.Endpoint;
import ai.jan.llm.backend.Models;
import ai.jan.llm.backend.Question;
import ai.jan.llm.backend.Upstream;
import ai.jan.llm.completion.StoredCompletions;
import ai.jan.llm.conversation.ConversationItems;
import ai.jan.llm.conversation.ConversationWriter;
import ai.jan.llm.conversation.Conversations;
import ai.jan.llm.conversation.Item;
import ai.jan.llm.objects.Ids;
import ai.jan.llm.quota.Metered;
import ai.jan.llm.quota.Quota;
import ai.jan.llm.relay.Changes;
import ai.jan.llm.relay.StreamRelay;
import ai.jan.llm.relay.Tally;
import ai.jan.llm.relay.WholeAnswer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /v1/chat/completions}: forwards to a model server and relays its answer. With a
 * {@code conversation}, what was said in it is sent along, and the new messages are stored together
 * with the answer: whole when it is complete, as {@code incomplete} when the client left or the
 * server failed after the answer had begun, not at all otherwise. With {@code "store": true} a
 * complete answer is kept as an object of its own too.
 */
public final class ChatCompletions {
    private static final Logger log = LoggerFactory.getLogger(ChatCompletions.class);

    private final Models models;
    private final Upstream upstream;
    private final Turns turns;
    private final StoredCompletions completions;
    private final Quota quota;

    public ChatCompletions(
            Models models,
            Upstream upstream,
            Conversations conversations,
            ConversationWriter writer,
            ConversationItems items,
            StoredCompletions completions,
            Quota quota) {
        this.models = models;
        this.upstream = upstream;
        this.turns = new Turns(conversations, writer, items);
        this.completions = completions;
        this.quota = quota;
    }

    public void create(Exchange exchange, Identity caller)
            throws IOException, InterruptedException {
        try (var meter = quota.meter(exchange, caller)) {
            var request = read(exchange);
            var wanted = models.wanted(request.model(), caller.grant());
            try (var turn = begin(exchange, caller, request)) {
                var tally = new Tally(exchange.notes());
                ask(new Chat(exchange, caller, request, wanted, turn, meter, tally));
            }
        }
    }

    private static ChatRequest read(Exchange exchange) throws IOException {
        try (var _ = exchange.span().step("validate")) {
            var referrer = exchange.query("referrer").filter(name -> !name.isEmpty());
            return ChatRequest.read(exchange.body(), referrer);
        }
    }

    private Turn begin(Exchange exchange, Identity caller, ChatRequest request) {
        try (var _ = exchange.span().step("load history")) {
            return turns.begin(caller.subject(), request);
        }
    }

    private void ask(Chat chat) throws IOException, InterruptedException {
        var turn = chat.turn;
        var model = chat.wanted.id();
        var history = History.trimmed(History.messages(turn.history()), models.context(model));
        chat.meter.addPrompt(History.tokensAtMost(turn.instruction(), history));
        var question =
                new Question(
                        chat.exchange,
                        Endpoint.CHAT,
                        model,
                        chat.request.stream(),
                        turn.conversation().or(chat.request::cacheKey),
                        served -> {
                            chat.meter.asked();
                            return chat.request.forwarded(served, turn.instruction(), history);
                        });
        try {
            if (chat.request.stream()) {
                stream(chat, question);
            } else {
                answer(chat, question);
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            chat.tally.report(chat.meter, e);
            throw e;
        }
    }

    private static void finish(Chat chat, Optional<ObjectNode> answer, String status) {
        try (var _ = chat.exchange.span().step("store")) {
            if (chat.turn.isKept()) {
                chat.turn.finish(said(chat.request, answer, status));
            }
        }
    }

    /** One request on its way. */
    private record Chat(
            Exchange exchange,
            Identity caller,
            ChatRequest request,
            Models.Wanted wanted,
            Turn turn,
            Metered meter,
            Tally tally) {
        Changes changes(Optional<String> id) {
            return new Changes(
                    wanted.name(), id, turn.conversation(), request.options().showsUsage());
        }
    }

    private void stream(Chat chat, Question question) throws IOException, InterruptedException {
        var transcript = new Transcript();
        var id = storedId(chat.request);
        var client =
                new StreamRelay(
                        chat.exchange,
                        chat.changes(id),
                        chunk -> {
                            chat.tally.add(chunk);
                            if (chat.turn.isKept() || id.isPresent()) {
                                transcript.add(chunk);
                            }
                        });
        try {
            upstream.ask(
                    question,
                    client::isCommitted,
                    call -> {
                        client.relay(call);
                        return true;
                    });
        } catch (IOException | InterruptedException | RuntimeException e) {
            keepPart(chat, transcript);
            throw e;
        }
        var status = transcript.isCutShort() ? "incomplete" : "completed";
        finish(chat, transcript.message(), status);
        id.ifPresent(name -> keep(chat, transcript.completion(name)));
        chat.tally.report(chat.meter);
        client.end();
    }

    private void answer(Chat chat, Question question) throws IOException, InterruptedException {
        var answer =
                upstream.ask(
                        question,
                        () -> false,
                        call -> WholeAnswer.await(chat.exchange, call, "choices"));
        chat.tally.add(answer.json());
        var message = answer.json().path("choices").path(0).path("message");
        finish(
                chat,
                message instanceof ObjectNode said ? Optional.of(said) : Optional.empty(),
                "completed");
        var id = storedId(chat.request);
        id.ifPresent(name -> keep(chat, answer.json().deepCopy().put("id", name)));
        chat.tally.report(chat.meter);
        answer.send(chat.exchange, chat.changes(id));
    }

    private static Optional<String> storedId(ChatRequest request) {
        return request.keepsCompletion() ? Optional.of(Ids.completion()) : Optional.empty();
    }

    private void keep(Chat chat, ObjectNode completion) {
        completions.add(
                chat.caller.subject(),
                completion.put("model", chat.wanted.name()),
                chat.request.messages(),
                chat.request.metadata());
    }

    /** The failure itself is told by whoever threw it; here only what there is is kept. */
    private static void keepPart(Chat chat, Transcript transcript) {
        var part = transcript.message();
        if (part.isEmpty()) {
            return;
        }
        boolean interrupted = Thread.interrupted(); // or the database would refuse to wait
        try {
            finish(chat, part, "incomplete");
        } catch (RuntimeException e) {
            log.warn("{}: the part of the answer could not be kept", chat.exchange.requestId(), e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static List<Item> said(
            ChatRequest request, Optional<ObjectNode> answer, String status) {
        var items = new ArrayList<>(ItemsFromMessages.of(request.said()));
        answer.ifPresent(message -> items.addAll(ItemsFromMessages.of(message, status)));
        return items;
    }
}
