// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.response;

import ai.jan.kit.http.Exchange;
import ai.jan.llm.backend.Endpoint;
import ai.jan.llm.backend.Models.Wanted;
import ai.jan.llm.backend.Question;
import ai.jan.llm.quota.Metered;
import ai.jan.llm.relay.Tally;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Function;

/**
 * One response on its way.
 *
 * @param messages all that the model is to read
 * @param tally of what the model used
 */
record Task(
        Exchange exchange,
        ResponseTurn turn,
        Wanted wanted,
        List<ObjectNode> messages,
        Metered meter,
        Tally tally) {

    ResponseRequest request() {
        return turn.request();
    }

    /** Keeps the response, or the part of it there is; see {@link ResponseTurn#finish}. */
    void finish(ObjectNode response, ResponseOutput output) {
        try (var _ = exchange.span().step("store")) {
            turn.finish(response, output.items());
        }
    }

    /**
     * What a model server is asked.
     *
     * @param body by the name that the model has there
     */
    Question question(boolean stream, Function<String, byte[]> body) {
        var together = request().conversation().or(request()::previous);
        return new Question(
                exchange,
                Endpoint.CHAT,
                wanted.id(),
                stream,
                together.or(() -> request().text("prompt_cache_key")),
                served -> {
                    meter.asked();
                    return body.apply(served.upstreamId());
                });
    }
}
