// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.response;

import ai.jan.database.Database;
import ai.jan.kit.http.Exchange;
import ai.jan.kit.identity.Identity;
import ai.jan.kit.json.Json;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.llm.conversation.Item;
import ai.jan.llm.objects.PageRequest;
import java.io.IOException;

/** OpenAI's routes of responses that exist (contract 7.1). */
public final class ResponseRoutes {
    private final Responses responses;
    private final InputItems inputItems;

    public ResponseRoutes(Database database, Responses responses) {
        this.responses = responses;
        this.inputItems = new InputItems(database);
    }

    public void retrieve(Exchange exchange, Identity caller) throws IOException {
        var response =
                responses
                        .find(caller.subject(), id(exchange))
                        .orElseThrow(() -> Responses.unknown(id(exchange)));
        if (exchange.query("stream").filter("true"::equals).isPresent()) {
            throw RequestRules.unsupported(
                    "stream", "Only responses made in the background can be streamed again.");
        }
        exchange.send(200, response);
    }

    public void delete(Exchange exchange, Identity caller) throws IOException {
        if (!responses.delete(caller.subject(), id(exchange))) {
            throw Responses.unknown(id(exchange));
        }
        exchange.send(
                200,
                Json.object()
                        .put("id", id(exchange))
                        .put("object", "response")
                        .put("deleted", true));
    }

    /** There is never anything to cancel: a response is made while its client waits. */
    public void cancel(Exchange exchange, Identity caller) throws IOException {
        require(exchange, caller);
        throw ApiProblem.badRequest(
                null, null, "Only responses made in the background can be cancelled.");
    }

    /** What was said in its request, newest first. */
    public void inputItems(Exchange exchange, Identity caller) throws IOException {
        var page = PageRequest.newestFirst(exchange);
        require(exchange, caller);
        var slice = inputItems.page(caller.subject(), id(exchange), page);
        var bodies = slice.rows().stream().map(Item::body).toList();
        exchange.send(200, PageRequest.page(bodies, slice.more()));
    }

    private void require(Exchange exchange, Identity caller) {
        if (responses.find(caller.subject(), id(exchange)).isEmpty()) {
            throw Responses.unknown(id(exchange));
        }
    }

    private static String id(Exchange exchange) {
        return exchange.pathParameter("id");
    }
}
