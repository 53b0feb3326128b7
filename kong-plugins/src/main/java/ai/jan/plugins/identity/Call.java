// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.identity;

import ai.jan.kit.identity.Identity;
import ai.jan.kit.json.Json;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.kong.pdk.Kong;
import ai.jan.kong.pdk.QueryString;
import ai.jan.kong.pdk.RawBody;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * A request to one of our endpoints.
 *
 * @param path without a slash at the end
 * @param query as it was sent
 * @param identity as jan-auth proved it, if it is on the route
 */
record Call(
        String method,
        String path,
        String query,
        Kong.Headers headers,
        Optional<Identity> identity,
        RawBody body) {
    private static final String BEARER = "bearer ";

    /** The first query argument of that name that is not empty. */
    Optional<String> argument(String name) {
        return QueryString.parse(query).stream()
                .filter(argument -> argument.name().equals(name))
                .findFirst()
                .flatMap(QueryString.Arg::value)
                .filter(value -> !value.isEmpty());
    }

    /** What follows {@code Bearer} in the header {@code Authorization}. */
    Optional<String> bearer() {
        return headers.first("Authorization")
                .filter(value -> value.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                .map(value -> value.substring(BEARER.length()).strip())
                .filter(token -> !token.isEmpty());
    }

    Optional<String> cookie(String name) {
        return Cookies.of(headers, name);
    }

    /** Whether a person's browser asks for a page, not a program for data. */
    boolean wantsPage() {
        return headers.first("Accept").filter(types -> types.contains("text/html")).isPresent();
    }

    /**
     * A text in the body.
     *
     * @return nothing if there is no such field, or it is null
     * @throws ApiProblem 400 if it is something else, empty or too long
     */
    Optional<String> text(String field, int maxLength) {
        var value = json().path(field);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        var text = value.asText("").strip();
        if (!value.isTextual() || text.isEmpty() || text.length() > maxLength) {
            throw ApiProblem.badRequest(
                    null, field, field + " must be a text of 1 to " + maxLength + " characters.");
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw ApiProblem.badRequest(
                    null, field, field + " must not contain control characters.");
        }
        return Optional.of(text);
    }

    /**
     * @throws ApiProblem 401 if nobody proved who is calling
     */
    Identity caller() {
        return identity.orElseThrow(
                () -> ApiProblem.unauthorized(null, "You must be logged in to use this."));
    }

    /**
     * The object in the body; an empty one if there is no body. Fields that nobody knows are no
     * fault.
     *
     * @throws ApiProblem 400 if the body is something else, 413 if it is too long
     */
    JsonNode json() {
        return switch (body) {
            case RawBody.Content(var bytes) ->
                    bytes.isEmpty() ? Json.object() : object(bytes.toArray());
            case RawBody.TooLarge _ ->
                    throw new ApiProblem(
                            413,
                            ApiProblem.INVALID_REQUEST,
                            null,
                            null,
                            "The request body is too large.");
            case RawBody.Unreadable _ ->
                    throw ApiProblem.badRequest(null, null, "The request body could not be read.");
        };
    }

    private static JsonNode object(byte[] bytes) {
        try {
            var json = Json.parse(bytes);
            if (json.isObject()) {
                return json;
            }
        } catch (JsonProcessingException e) {
            throw notAnObject().because(e);
        }
        throw notAnObject();
    }

    private static ApiProblem notAnObject() {
        return ApiProblem.badRequest(null, null, "The request body must be a JSON object.");
    }
}
