// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.identity;

import ai.jan.kit.identity.Identity;
import ai.jan.kit.json.Json;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.kong.pdk.RawBody;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * A request to one of our endpoints.
 *
 * @param path without a slash at the end
 * @param identity as jan-auth proved it, if it is on the route
 */
record Call(String method, String path, Optional<Identity> identity, RawBody body) {
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
