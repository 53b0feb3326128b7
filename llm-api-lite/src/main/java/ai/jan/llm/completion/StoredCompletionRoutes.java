// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.completion;

import ai.jan.kit.http.Exchange;
import ai.jan.kit.identity.Identity;
import ai.jan.kit.json.Json;
import ai.jan.llm.objects.PageRequest;
import ai.jan.llm.validation.Invalid;
import ai.jan.llm.validation.Metadata;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Pattern;

/** OpenAI's routes of chat completions that were stored (contract 3.1). */
public final class StoredCompletionRoutes {
    private static final Pattern METADATA = Pattern.compile("metadata\\[(.*)]", Pattern.DOTALL);

    private final StoredCompletions completions;

    public StoredCompletionRoutes(StoredCompletions completions) {
        this.completions = completions;
    }

    /** Oldest first; {@code model} and {@code metadata[key]} choose among them. */
    public void list(Exchange exchange, Identity caller) throws IOException {
        var request = PageRequest.oldestFirst(exchange);
        var model = exchange.query("model").filter(name -> !name.isEmpty());
        model.filter(name -> name.indexOf('\0') >= 0)
                .ifPresent(_ -> {
                    throw Invalid.value("model", "the name of a model");
                });
        var metadata = Json.object();
        for (var name : exchange.queryNames()) {
            var key = METADATA.matcher(name);
            if (key.matches()) {
                metadata.put(key.group(1), exchange.query(name).orElse(""));
            }
        }
        var slice = completions.page(caller.subject(), model, metadata, request);
        var rows = slice.rows().stream().map(StoredCompletion::toJson).toList();
        exchange.send(200, PageRequest.page(rows, slice.more()));
    }

    public void retrieve(Exchange exchange, Identity caller) throws IOException {
        send(exchange, completions.find(caller.subject(), id(exchange)));
    }

    public void update(Exchange exchange, Identity caller) throws IOException {
        ObjectNode metadata =
                Metadata.of(exchange.jsonObject()).orElseThrow(() -> Invalid.missing("metadata"));
        send(exchange, completions.update(caller.subject(), id(exchange), metadata));
    }

    public void delete(Exchange exchange, Identity caller) throws IOException {
        if (!completions.delete(caller.subject(), id(exchange))) {
            throw StoredCompletions.unknown(id(exchange));
        }
        exchange.send(
                200,
                Json.object()
                        .put("object", "chat.completion.deleted")
                        .put("id", id(exchange))
                        .put("deleted", true));
    }

    /** What was asked, oldest first. */
    public void messages(Exchange exchange, Identity caller) throws IOException {
        var request = PageRequest.oldestFirst(exchange);
        var messages =
                completions
                        .messages(caller.subject(), id(exchange))
                        .orElseThrow(() -> StoredCompletions.unknown(id(exchange)));
        exchange.send(200, StoredMessages.of(id(exchange), messages).page(request));
    }

    private static void send(Exchange exchange, Optional<StoredCompletion> found)
            throws IOException {
        exchange.send(
                200, found.orElseThrow(() -> StoredCompletions.unknown(id(exchange))).toJson());
    }

    private static String id(Exchange exchange) {
        return exchange.pathParameter("id");
    }
}
