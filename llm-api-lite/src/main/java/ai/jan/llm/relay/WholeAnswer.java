// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.relay;

import ai.jan.kit.http.Exchange;
import ai.jan.kit.json.Json;
import ai.jan.llm.backend.UpstreamCall;
import ai.jan.llm.backend.UpstreamCall.Step;
import ai.jan.llm.backend.UpstreamFailure;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import okio.ByteString;

/**
 * An answer that is not streamed.
 *
 * @param text as it came
 * @param json what it says
 */
public record WholeAnswer(String text, ObjectNode json) {
    /**
     * Waits for it; the headers that may pass are set on the client's answer.
     *
     * @param list the member without which it is no answer, such as {@code choices}
     * @throws UpstreamFailure if it is no answer
     */
    public static WholeAnswer await(Exchange exchange, UpstreamCall call, String list)
            throws IOException, InterruptedException {
        while (true) {
            var step = call.next();
            if (step instanceof Step.Head(var headers)) {
                headers.applyTo(exchange);
            } else if (step instanceof Step.Body(var bytes)) {
                var answer = parse(bytes, list);
                Tally.tell(exchange.notes(), answer.json());
                Tally.tellWhyItEnds(exchange.notes(), answer.json());
                return answer;
            }
        }
    }

    /** Sends it with the changes made, and nothing else. */
    public void send(Exchange exchange, Changes changes) throws IOException {
        exchange.send(
                200,
                "application/json",
                changes.answer(text, json).getBytes(StandardCharsets.UTF_8));
    }

    private static WholeAnswer parse(ByteString bytes, String list) throws UpstreamFailure {
        try {
            if (Json.parse(bytes.toByteArray()) instanceof ObjectNode answer
                    && answer.path(list).isArray()) {
                return new WholeAnswer(bytes.utf8(), answer);
            }
        } catch (JsonProcessingException e) {
            // told below like any other answer that is none
        }
        throw UpstreamFailure.garbage("an answer without " + list);
    }
}
