// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.conversation;

import ai.jan.kit.http.Exchange;
import ai.jan.kit.json.Json;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.llm.validation.Invalid;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/** Which part of a list is asked for: {@code limit}, {@code order}, {@code after}. */
record PageRequest(int limit, boolean ascending, Optional<String> after) {
    private static final int DEFAULT_LIMIT = 20;
    private static final int MAX_LIMIT = 100;

    static PageRequest of(Exchange exchange) {
        return new PageRequest(
                exchange.query("limit").map(PageRequest::limit).orElse(DEFAULT_LIMIT),
                exchange.query("order").map(PageRequest::isAscending).orElse(false),
                exchange.query("after").filter(after -> !after.isEmpty()));
    }

    /** One more than asked for, to see whether there is another page. */
    int rows() {
        return limit + 1;
    }

    String direction() {
        return ascending ? "ASC" : "DESC";
    }

    /** The comparison that leads past the row {@code after}. */
    String past() {
        return ascending ? ">" : "<";
    }

    /**
     * The list object of a page.
     *
     * @param rows at most {@link #rows()}
     */
    ObjectNode page(List<ObjectNode> rows) {
        return page(rows.subList(0, Math.min(limit, rows.size())), rows.size() > limit);
    }

    /**
     * The list object of a page that is cut already.
     *
     * @param more whether others follow
     */
    static ObjectNode page(List<ObjectNode> shown, boolean more) {
        var json = Json.object().put("object", "list");
        json.putArray("data").addAll(shown);
        return json.put("first_id", shown.isEmpty() ? null : id(shown.getFirst()))
                .put("last_id", shown.isEmpty() ? null : id(shown.getLast()))
                .put("has_more", more);
    }

    static ApiProblem unknownCursor(String after) {
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
