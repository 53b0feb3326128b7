// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.mcp;

import ai.jan.kit.http.Exchange;
import ai.jan.kit.json.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One JSON-RPC message of a client. Read strictly, because what stands between a client and us may
 * have read it too: no member twice, none that differs from a known one only in case, and where the
 * headers {@code Mcp-Method} and {@code Mcp-Name} are given, they say what the body says.
 *
 * @param id of a request; none in a notification
 * @param isAnswer whether it answers something this server never asks
 */
record Message(@Nullable Object id, String method, Map<String, Object> params, boolean isAnswer) {
    /** A header says something else than the body (revision 2026-07-28). */
    private static final int HEADER_MISMATCH = -32020;

    private static final Set<String> MEMBERS =
            Set.of("jsonrpc", "id", "method", "params", "result", "error");
    private static final Set<String> PARAMETERS =
            Set.of("name", "arguments", "uri", "cursor", "protocolVersion", "_meta");

    /** The message cannot be taken; carries JSON-RPC's code, answered with HTTP status 400. */
    static final class Malformed extends Exception {
        private final int code;

        Malformed(int code, String message) {
            super(message);
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    static Message of(Exchange request, byte[] body) throws Malformed {
        var message = parse(body);
        checkSpelling(message, MEMBERS);
        if (!"2.0".equals(message.path("jsonrpc").textValue())) {
            throw invalid("jsonrpc must be \"2.0\"");
        }
        if (!message.has("method") && (message.has("result") || message.has("error"))) {
            return new Message(null, "", Map.of(), true);
        }
        if (!message.path("method").isTextual()) {
            throw invalid("method must be a text");
        }
        if (message.path("params").isNull()) {
            message.remove("params"); // as some clients write that there are none
        }
        var params = message.path("params");
        if (!params.isMissingNode() && !params.isObject()) {
            throw new Malformed(ErrorCodes.INVALID_PARAMS, "params must be an object");
        }
        checkSpelling(params, PARAMETERS);
        checkHeader(request, "Mcp-Method", message.path("method"));
        checkHeader(
                request, "Mcp-Name", params.has("name") ? params.path("name") : params.path("uri"));
        leaveOutNulls(params);
        return new Message(id(message), message.path("method").textValue(), map(params), false);
    }

    private static ObjectNode parse(byte[] body) throws Malformed {
        try {
            if (Json.parseUnambiguous(body) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            throw new Malformed(
                    ErrorCodes.PARSE_ERROR, "not JSON in UTF-8, or a member appears twice");
        }
        throw invalid("one message at a time: a JSON object");
    }

    private static void checkSpelling(JsonNode object, Set<String> known) throws Malformed {
        for (var names = object.fieldNames(); names.hasNext(); ) {
            var name = names.next();
            if (!known.contains(name) && known.stream().anyMatch(name::equalsIgnoreCase)) {
                throw invalid("a member is spelt in another case than the protocol's");
            }
        }
    }

    private static void checkHeader(Exchange request, String header, JsonNode value)
            throws Malformed {
        for (var given : request.headers(header)) {
            if (!given.equals(value.textValue())) {
                throw new Malformed(HEADER_MISMATCH, "the header " + header + " is not the body's");
            }
        }
    }

    /**
     * Models write {@code null} for an argument that they leave out, which fits no schema of ours.
     * Schemas of other servers may mean something by it: their tools, with two underscores in their
     * names, get what was said.
     */
    private static void leaveOutNulls(JsonNode params) {
        if (params.path("arguments") instanceof ObjectNode arguments
                && !params.path("name").asText().contains("__")) {
            arguments.removeIf(JsonNode::isNull);
        }
    }

    private static @Nullable Object id(ObjectNode message) throws Malformed {
        if (!message.has("id")) {
            return null;
        }
        var id = message.path("id");
        if (id.isTextual()) {
            return id.textValue();
        }
        if (id.isIntegralNumber() && id.canConvertToLong()) {
            return id.longValue();
        }
        throw invalid("id must be a text or a whole number");
    }

    @SuppressWarnings("unchecked") // an object's members have names
    private static Map<String, Object> map(JsonNode params) throws Malformed {
        if (params.isMissingNode()) {
            return Map.of();
        }
        try {
            return Json.read(params, Map.class);
        } catch (JsonProcessingException e) {
            throw invalid("params cannot be read");
        }
    }

    private static Malformed invalid(String message) {
        return new Malformed(ErrorCodes.INVALID_REQUEST, message);
    }
}
