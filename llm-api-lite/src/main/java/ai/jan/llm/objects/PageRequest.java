// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.objects;

import ai.jan.kit.http.Exchange;
import ai.jan.kit.json.Json;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.llm.validation.Invalid;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * Which part of a list is asked for: {@code limit}, {@code order}, {@code after}.
 *
 * @param after the id of the last row that the client has
 */
public record PageRequest(int limit, boolean ascending, Optional<String> after) {
    private static final int DEFAULT_LIMIT = 20;
    private static final int MAX_LIMIT = 100;

    /** Of a list that begins with the newest, unless the client wants another order. */
    public static PageRequest newestFirst(Exchange exchange) {
        return of(exchange, false);
    }

    /** Of a list that begins with the oldest, unless the client wants another order. */
    public static PageRequest oldestFirst(Exchange exchange) {
        return of(exchange, true);
    }

    private static PageRequest of(Exchange exchange, boolean ascending) {
        return new PageRequest(
                exchange.query("limit").map(PageRequest::limit).orElse(DEFAULT_LIMIT),
                exchange.query("order").map(PageRequest::isAscending).orElse(ascending),
                exchange.query("after").filter(after -> !after.isEmpty()));
    }

    /** One more than asked for, to see whether there is another page. */
    public int rows() {
        return limit + 1;
    }

    public String direction() {
        return ascending ? "ASC" : "DESC";
    }

    /** The comparison that leads past the row {@code after}. */
    public String past() {
        return ascending ? ">" : "<";
    }

    /**
     * The list object of a page.
     *
     * @param more whether others follow
     */
    public static ObjectNode page(List<ObjectNode> shown, boolean more) {
        var json = Json.object().put("object", "list");
        json.putArray("data").addAll(shown);
        return json.put("first_id", shown.isEmpty() ? null : id(shown.getFirst()))
                .put("last_id", shown.isEmpty() ? null : id(shown.getLast()))
                .put("has_more", more);
    }

    public static ApiProblem unknownCursor(String after) {
        return ApiProblem.notFound(null, "after", "No object with id '" + after + "' was found.");
    }

    private static String id(ObjectNode row) {
        return row.path("id").textValue();
    }

    private static int limit(String text) {
        int limit;
        try {
            limit = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw Invalid.value("limit", "an integer from 1 to " + MAX_LIMIT);
        }
        if (limit < 1) {
            throw Invalid.below("integer", "limit", 1, limit);
        }
        if (limit > MAX_LIMIT) {
            throw Invalid.above("integer", "limit", MAX_LIMIT, limit);
        }
        return limit;
    }

    private static boolean isAscending(String text) {
        return switch (text) {
            case "asc" -> true;
            case "desc" -> false;
            default -> throw Invalid.value("order", List.of("asc", "desc"));
        };
    }
}
