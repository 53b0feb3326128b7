// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.response;

import ai.jan.kit.http.ClientGone;
import ai.jan.kit.http.EventStream;
import ai.jan.kit.http.Exchange;
import ai.jan.kit.json.Json;
import ai.jan.kit.problem.ApiProblem;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Sends the events of a response, numbered from 0 on. The client's 200 is sent with the first of
 * them, so that what fails before gets a proper status. Used by one thread.
 */
final class StreamedEvents implements Events {
    private final Exchange exchange;
    private @Nullable EventStream stream;
    private int sequenceNumber;

    StreamedEvents(Exchange exchange) {
        this.exchange = exchange;
    }

    boolean isOpen() {
        return stream != null;
    }

    /**
     * Begins, if that was not done yet.
     *
     * @param response as it is in the first two events
     */
    void open(ObjectNode response) throws IOException {
        if (stream == null) {
            stream = exchange.openEventStream();
            emit("response.created", Json.object().set("response", response));
            emit("response.in_progress", Json.object().set("response", response));
        }
    }

    /** Shows that the response is still being made; clients skip it. */
    void heartbeat() throws ClientGone {
        opened().heartbeat();
    }

    @Override
    public void emit(String type, ObjectNode members) throws ClientGone {
        var event = Json.object().put("type", type).put("sequence_number", sequenceNumber++);
        event.setAll(members);
        opened().event(type, Json.bytes(event));
    }

    /**
     * Tells that something went wrong which is not the model's fault. Some clients look for the
     * error within the event, others at its members themselves (contract 7.5).
     */
    void error(ApiProblem problem) throws ClientGone {
        var event = Json.object();
        event.set("error", problem.toJson().path("error"));
        emit(
                "error",
                event.put("code", problem.code())
                        .put("message", problem.getMessage())
                        .put("param", problem.param()));
    }

    private EventStream opened() {
        if (stream == null) {
            throw new IllegalStateException("no event was sent yet");
        }
        return stream;
    }
}
