// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import ai.jan.kong.pdk.Phase;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Records that the simulated Kong does not follow, and why. */
final class RecordedExceptions {
    private static final Set<String> NEWER_IN_LOG =
            Set.of(
                    "kong.request.get_scheme",
                    "kong.request.get_host",
                    "kong.request.get_path",
                    "kong.request.get_path_with_query");

    private static final Set<String> UPGRADED =
            Set.of(
                    "kong.response.get_status",
                    "kong.response.get_header",
                    "kong.response.get_headers",
                    "kong.log.serialize");

    private static final Map<Pattern, String> SETTERS =
            Map.of(
                    Pattern.compile("null_value"),
                    "a null_value, which our codec reads as nil and never writes",
                    Pattern.compile("header/Content-Length/|header/Transfer-Encoding/"),
                    "a length or an encoding that the body does not have breaks the message",
                    Pattern.compile("exit/content-length/"),
                    "a length that the body does not have breaks the message",
                    Pattern.compile("exit/100/"),
                    "an interim status as the answer",
                    Pattern.compile("set_scheme/https/access|set_target/no port/"),
                    "how a connection to the service fails");

    private RecordedExceptions() {}

    /** Of setters. */
    static Optional<String> of(JsonNode record) {
        for (var call : record.path("calls")) {
            if (call.has("argument_size")) {
                return Optional.of("a long argument was not recorded in full");
            }
        }
        var id = record.path("id").asText();
        return SETTERS.entrySet().stream()
                .filter(entry -> entry.getKey().matcher(id).find())
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** Of getters. */
    static Optional<String> of(JsonNode call, Phase phase) {
        var method = call.path("method").asText();
        if (phase == Phase.LOG && NEWER_IN_LOG.contains(method)) {
            return Optional.of("works in log from 3.10 only");
        }
        var context = call.path("context").asText();
        var argument = argument(call);
        if (context.equals("websocket") && UPGRADED.contains(method)
                || argument.equals("buffered_proxying") && context.equals("websocket")) {
            return Optional.of("an upgrade to WebSocket is not simulated");
        }
        if (argument.equals("connection_requests") && context.equals("keepalive-2")) {
            return Optional.of("each simulated request has a connection of its own");
        }
        if (argument.equals("request_length") && context.equals("post-chunked")) {
            return Optional.of("the length of chunk headers is not counted");
        }
        return Optional.empty();
    }

    private static String argument(JsonNode call) {
        var bytes = Golden.bytes(call, "argument_hex").orElse(new byte[0]);
        return bytes.length < 2 ? "" : new String(bytes, 2, bytes.length - 2, ISO_8859_1);
    }
}
