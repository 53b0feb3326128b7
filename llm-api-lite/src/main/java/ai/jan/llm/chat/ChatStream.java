// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.chat;

import ai.jan.kit.http.EventStream;
import ai.jan.kit.http.Exchange;
import ai.jan.kit.json.Json;
import ai.jan.llm.backend.Refusals;
import ai.jan.llm.backend.SseEvent;
import ai.jan.llm.backend.UpstreamCall;
import ai.jan.llm.backend.UpstreamCall.Step;
import ai.jan.llm.backend.UpstreamFailure;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Relays one stream to one client, event by event, as the model server wrote it, except that
 *
 * <ul>
 *   <li>the first chunk gets the member {@code conversation: {"id"}} if the chat belongs to one.
 *       (Jan's original sent it as a chunk of its own without {@code choices}, which strict parsers
 *       refuse; a chunk with empty {@code choices} breaks clients that look at {@code choices[0]},
 *       and one behind the usage chunk confuses accumulators. An additional member of a chunk is
 *       what every client skips that does not know it.)
 *   <li>the model has the name it was asked for by, and a completion that is stored an id of ours:
 *       those of model servers need not be unique,
 *   <li>a comment is sent after a second of silence, which shows whether the client is still there,
 *   <li>an error has OpenAI's shape, and what cannot be understood is one.
 * </ul>
 *
 * The client's 200 is sent with the first event, or after a second of silence: a server that fails
 * at once gets a proper status. Used once.
 */
final class ChatStream {
    static final Duration HEARTBEAT = Duration.ofSeconds(1);
    private static final String DONE = "[DONE]";
    private static final byte[] DONE_EVENT = "data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8);

    private final Exchange exchange;
    private final String model;
    private final Optional<String> id;
    private final Optional<String> conversation;
    private final Transcript transcript;
    private @Nullable EventStream client;
    private boolean isFirstChunk = true;

    /**
     * @param model the name it was asked for by
     * @param id what the completion is to be called, if it is stored
     * @param conversation it belongs to
     * @param transcript learns what was said
     */
    ChatStream(
            Exchange exchange,
            String model,
            Optional<String> id,
            Optional<String> conversation,
            Transcript transcript) {
        this.exchange = exchange;
        this.model = model;
        this.id = id;
        this.conversation = conversation;
        this.transcript = transcript;
    }

    /** Whether anything was sent to the client, so that the status is spent. */
    boolean isOpen() {
        return client != null;
    }

    /**
     * Relays all events up to, but without, the end mark: before that is sent, the turn is stored.
     *
     * @throws UpstreamFailure if the stream is not complete
     */
    void relay(UpstreamCall upstream) throws IOException, InterruptedException {
        boolean accepted = false;
        while (true) {
            switch (upstream.next(HEARTBEAT)) {
                case null -> {
                    if (accepted) {
                        client().heartbeat();
                    }
                }
                case Step.Head(var headers) -> {
                    accepted = true;
                    if (client == null) {
                        headers.applyTo(exchange);
                    }
                }
                case Step.Event(var event) -> {
                    if (event.data().filter(DONE::equals).isPresent()) {
                        return;
                    }
                    pass(upstream, event);
                }
                case Step.End() -> throw UpstreamFailure.cutOff();
                case Step.Body _, Step.Refused _, Step.Failed _ ->
                        throw new IllegalStateException("not a step of a stream");
            }
        }
    }

    /** Tells the client that it has all. */
    void end() throws IOException {
        client().raw(DONE_EVENT);
    }

    private EventStream client() throws IOException {
        if (client == null) {
            client = exchange.openEventStream();
        }
        return client;
    }

    private void pass(UpstreamCall upstream, SseEvent event) throws IOException {
        if (event.data().isEmpty()) {
            if (event.isComment()) {
                client().raw(event.bytes().toByteArray());
            }
            return; // an event of nothing but an id makes Python's client fail
        }
        var chunk = parse(event.data().get());
        if (chunk.has("error") && !chunk.path("error").isNull()) {
            throw Refusals.of(chunk.path("error"));
        }
        transcript.add(chunk);
        boolean changed = change(upstream, chunk);
        if (changed) {
            client().data(Json.bytes(chunk));
        } else {
            client().raw(event.bytes().toByteArray());
        }
        isFirstChunk = false;
    }

    /** Makes the documented changes; false if there are none. */
    private boolean change(UpstreamCall upstream, ObjectNode chunk) {
        boolean changed = chunk.remove("error") != null; // even null is an error to Java's client
        if (!upstream.model().upstreamId().equals(model)) {
            chunk.put("model", model);
            changed = true;
        }
        if (id.isPresent()) {
            chunk.put("id", id.get());
            changed = true;
        }
        if (isFirstChunk && conversation.isPresent()) {
            chunk.putObject("conversation").put("id", conversation.get());
            changed = true;
        }
        return changed;
    }

    private static ObjectNode parse(String data) throws UpstreamFailure {
        try {
            if (Json.parse(data) instanceof ObjectNode chunk) {
                return chunk;
            }
        } catch (JsonProcessingException e) {
            // told below like any other value that is not a chunk
        }
        throw UpstreamFailure.garbage("an event that is not a JSON object");
    }
}
