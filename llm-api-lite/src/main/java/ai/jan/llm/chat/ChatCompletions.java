// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.chat;

import ai.jan.kit.http.Exchange;
import ai.jan.kit.identity.Identity;
import ai.jan.kit.json.Json;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.llm.backend.Models;
import ai.jan.llm.backend.Upstream;
import ai.jan.llm.backend.UpstreamCall;
import ai.jan.llm.backend.UpstreamCall.Step;
import ai.jan.llm.backend.UpstreamFailure;
import ai.jan.llm.completion.StoredCompletions;
import ai.jan.llm.conversation.ConversationItems;
import ai.jan.llm.conversation.ConversationWriter;
import ai.jan.llm.conversation.Conversations;
import ai.jan.llm.conversation.Item;
import ai.jan.llm.objects.Ids;
import ai.jan.llm.quota.Metered;
import ai.jan.llm.quota.Quota;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import okio.ByteString;
import org.jspecify.annotations.Nullable;
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
            var request = ChatRequest.read(exchange.body());
            models.require(request.model());
            create(exchange, caller, request, meter);
        }
    }

    private void create(Exchange exchange, Identity caller, ChatRequest request, Metered meter)
            throws IOException, InterruptedException {
        try (var turn = turns.begin(caller.subject(), request)) {
            var history =
                    History.trimmed(
                            History.messages(turn.history()), models.context(request.model()));
            meter.addPrompt(History.tokensAtMost(turn.instruction(), history));
            meter.asked();
            if (request.stream()) {
                stream(exchange, caller, request, turn, history, meter);
            } else {
                answer(exchange, caller, request, turn, history, meter);
            }
        }
    }

    private void stream(
            Exchange exchange,
            Identity caller,
            ChatRequest request,
            Turn turn,
            List<ObjectNode> history,
            Metered meter)
            throws IOException, InterruptedException {
        var transcript = new Transcript();
        var id = storedId(request);
        var client = new ChatStream(exchange, request.model(), id, turn.conversation(), transcript);
        try {
            upstream.<Optional<Void>>ask(
                    request.model(),
                    exchange.requestId(),
                    true,
                    served -> request.forwarded(served, turn.instruction(), history),
                    client::isOpen,
                    call -> {
                        client.relay(call);
                        return Optional.empty();
                    });
        } catch (IOException | InterruptedException | RuntimeException e) {
            meter(meter, transcript, e);
            keepPart(exchange, request, turn, transcript);
            throw e;
        }
        meter(meter, transcript, null);
        var status = transcript.isCutShort() ? "incomplete" : "completed";
        turn.finish(said(request, transcript.message(), status));
        id.ifPresent(name -> keep(caller, request, transcript.completion(name)));
        client.end();
    }

    private void answer(
            Exchange exchange,
            Identity caller,
            ChatRequest request,
            Turn turn,
            List<ObjectNode> history,
            Metered meter)
            throws IOException, InterruptedException {
        var answer = wholeAnswer(exchange, request, turn, history, meter);
        var message = answer.json.path("choices").path(0).path("message");
        turn.finish(
                said(
                        request,
                        message instanceof ObjectNode said ? Optional.of(said) : Optional.empty(),
                        "completed"));
        var id = storedId(request);
        if (id.isEmpty()
                && turn.conversation().isEmpty()
                && answer.upstreamId.equals(request.model())) {
            exchange.send(200, "application/json", answer.bytes.toByteArray());
            return;
        }
        answer.json.put("model", request.model());
        id.ifPresent(name -> keep(caller, request, answer.json.put("id", name)));
        turn.conversation()
                .ifPresent(name -> answer.json.putObject("conversation").put("id", name));
        exchange.send(200, answer.json);
    }

    private static Optional<String> storedId(ChatRequest request) {
        return request.keepsCompletion() ? Optional.of(Ids.completion()) : Optional.empty();
    }

    private void keep(Identity caller, ChatRequest request, ObjectNode completion) {
        completions.add(
                caller.subject(),
                completion.put("model", request.model()),
                request.messages(),
                request.metadata());
    }

    /**
     * A stream tells what it used at its end. One that does not get there has used the prompt, and
     * what it produced; one that failed before that is not charged.
     */
    private static void meter(Metered meter, Transcript transcript, @Nullable Exception failure) {
        long produced = transcript.tokens();
        if (transcript.usage().isObject()) {
            meter.used(transcript.usage());
        } else if (produced == 0
                && (failure instanceof UpstreamFailure || failure instanceof ApiProblem)) {
            meter.used(0, 0);
        } else {
            meter.produced(produced);
        }
    }

    /** An answer that is not streamed, as it came and parsed. */
    private record WholeAnswer(ByteString bytes, ObjectNode json, String upstreamId) {}

    private WholeAnswer wholeAnswer(
            Exchange exchange,
            ChatRequest request,
            Turn turn,
            List<ObjectNode> history,
            Metered meter)
            throws IOException, InterruptedException {
        try {
            var answer =
                    upstream.ask(
                            request.model(),
                            exchange.requestId(),
                            false,
                            served -> request.forwarded(served, turn.instruction(), history),
                            () -> false,
                            call -> wholeAnswer(exchange, call));
            meter.used(answer.json.path("usage"));
            return answer;
        } catch (UpstreamFailure | ApiProblem e) {
            meter.used(0, 0);
            throw e;
        }
    }

    private static WholeAnswer wholeAnswer(Exchange exchange, UpstreamCall call)
            throws IOException, InterruptedException {
        while (true) {
            var step = call.next(ChatStream.HEARTBEAT);
            if (step instanceof Step.Head(var headers)) {
                headers.applyTo(exchange);
            } else if (step instanceof Step.Body(var bytes)) {
                return new WholeAnswer(bytes, parse(bytes), call.model().upstreamId());
            }
        }
    }

    private static ObjectNode parse(ByteString bytes) throws UpstreamFailure {
        try {
            if (Json.parse(bytes.toByteArray()) instanceof ObjectNode answer
                    && answer.path("choices").isArray()) {
                return answer;
            }
        } catch (JsonProcessingException e) {
            // told below like any other answer that is none
        }
        throw UpstreamFailure.garbage("an answer without choices");
    }

    /** The failure itself is told by whoever threw it; here only what there is is kept. */
    private static void keepPart(
            Exchange exchange, ChatRequest request, Turn turn, Transcript transcript) {
        var part = transcript.message();
        if (part.isEmpty()) {
            return;
        }
        boolean interrupted = Thread.interrupted(); // or the database would refuse to wait
        try {
            turn.finish(said(request, part, "incomplete"));
        } catch (RuntimeException e) {
            log.warn("{}: the part of the answer could not be kept", exchange.requestId(), e);
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
