// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.relay;

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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Relays one stream to one client, event by event, as the model server wrote it, except for the
 * {@link Changes}, and that
 *
 * <ul>
 *   <li>a comment is sent after a second of silence, the net behind {@link
 *       ai.jan.kit.http.Presence},
 *   <li>an error has OpenAI's shape, and what cannot be understood is one,
 *   <li>an event that has neither data nor a comment is left out: an event of nothing but an id
 *       makes OpenAI's client for Python fail.
 * </ul>
 *
 * The client's 200 is sent with the first event, or after a second of silence: a server that fails
 * at once gets a proper status. Used once.
 */
public final class StreamRelay {
    private static final String DONE = "[DONE]";
    private static final byte[] DONE_EVENT = "data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8);

    private final Exchange exchange;
    private final Changes changes;
    private final Consumer<ObjectNode> observer;
    private @Nullable EventStream client;
    private boolean isFirstChunk = true;
    private boolean relayed;

    /**
     * @param observer sees each chunk as the server sent it
     */
    public StreamRelay(Exchange exchange, Changes changes, Consumer<ObjectNode> observer) {
        this.exchange = exchange;
        this.changes = changes;
        this.observer = observer;
    }

    /** Whether the client saw anything but comments, so that no other server may answer. */
    public boolean isCommitted() {
        return relayed;
    }

    /**
     * Relays all events up to, but without, the end mark: before that is sent, what is to be stored
     * is stored.
     *
     * @throws UpstreamFailure if the stream is not complete
     */
    public void relay(UpstreamCall upstream) throws IOException, InterruptedException {
        upstream.whenSilent(() -> client().heartbeat());
        while (true) {
            switch (upstream.next()) {
                case Step.Head(var headers) -> {
                    if (client == null) {
                        headers.applyTo(exchange);
                    }
                }
                case Step.Event(var event) -> {
                    if (event.data().filter(DONE::equals).isPresent()) {
                        return;
                    }
                    pass(event);
                }
                case Step.End() -> throw UpstreamFailure.cutOff();
                case Step.Body _ -> throw new IllegalStateException("not a step of a stream");
            }
        }
    }

    /** Tells the client that it has all. */
    public void end() throws IOException {
        client().raw(DONE_EVENT);
    }

    private EventStream client() throws IOException {
        if (client == null) {
            client = exchange.openEventStream();
        }
        return client;
    }

    private void pass(SseEvent event) throws IOException {
        if (event.data().isEmpty()) {
            if (event.isComment()) {
                client().raw(event.bytes().toByteArray());
            }
            return;
        }
        var data = event.data().get();
        var chunk = parse(data);
        if (chunk.has("error") && !chunk.path("error").isNull()) {
            throw Refusals.of(chunk.path("error"));
        }
        observer.accept(chunk);
        var changed = changes.chunk(data, chunk, isFirstChunk);
        if (changed.isEmpty()) {
            return;
        }
        isFirstChunk = false;
        relayed = true;
        if (changed.get().equals(data)) {
            client().raw(event.bytes().toByteArray());
        } else {
            client().data(changed.get().getBytes(StandardCharsets.UTF_8));
        }
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
