// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import ai.jan.kong.pdk.KongText;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** What service and client got, as recorded and as simulated, in a form that can be compared. */
final class RecordedEffects {
    private RecordedEffects() {}

    /** Where the two differ. */
    static List<String> of(JsonNode record, SimulatedExchange exchange) {
        var found = new ArrayList<String>();
        if (record.hasNonNull("response")) { // else the recorder did not look at the effect
            compare(found, "upstream", upstream(record), upstream(exchange));
            if (exchange.response().status() >= 200) { // else its client waited for another one
                compare(found, "response", response(record), response(record, exchange));
            }
        }
        return found;
    }

    /** The same of a conversation, where an error's text depends on where Kong noticed it. */
    static List<String> ofRequest(JsonNode record, SimulatedExchange exchange) {
        var found = new ArrayList<String>();
        if (record.hasNonNull("upstream_saw")) {
            compare(found, "upstream", upstream(record), upstream(exchange));
        }
        int status = record.path("response").path("status").asInt();
        if (status < 500) {
            compare(found, "response", response(record), response(record, exchange));
        } else if (exchange.response().status() != status) {
            found.add("status " + exchange.response().status() + " instead of " + status);
        }
        return found;
    }

    private static void compare(List<String> found, String what, String expected, String actual) {
        if (!expected.equals(actual)) {
            found.add(what + "\n    expected " + expected + "\n    but was  " + actual);
        }
    }

    private static String upstream(JsonNode record) {
        var saw = record.path("upstream_saw").path(0);
        if (!saw.isObject()) {
            return "nothing";
        }
        return String.join(
                "\n    ",
                saw.path("method").asText() + " " + saw.path("target").asText(),
                headers(saw.path("headers")),
                body(saw));
    }

    private static String upstream(SimulatedExchange exchange) {
        if (exchange.upstream().isEmpty() || exchange.upstream().get().host().endsWith(":0")) {
            return "nothing";
        }
        var sent = exchange.upstream().get();
        return String.join(
                "\n    ",
                sent.method() + " " + latin1(sent.target()),
                headers(sent.headers()),
                body(sent.body().toArray()));
    }

    private static String response(JsonNode record) {
        var response = record.path("response");
        return String.join(
                "\n    ",
                response.path("status").asText(),
                headers(response.path("headers")),
                hasBody(response) ? body(response) : "");
    }

    private static String response(JsonNode record, SimulatedExchange exchange) {
        var response = exchange.response();
        return String.join(
                "\n    ",
                String.valueOf(response.status()),
                headers(response.headers()),
                hasBody(record.path("response")) ? body(response.body().toArray()) : "");
    }

    /** A body that can be compared; a message that contradicts itself has none. */
    private static boolean hasBody(JsonNode response) {
        return response.hasNonNull("body") && !response.path("body_volatile").asBoolean();
    }

    private static String body(JsonNode message) {
        var body = message.path("body");
        return body.isObject() ? "size " + body.path("size").asInt() : body.asText();
    }

    private static String body(byte[] body) {
        var text = new String(body, StandardCharsets.UTF_8);
        boolean isText = text.indexOf('\ufffd') < 0 && body.length <= 2000;
        return isText ? text : "size " + body.length;
    }

    private static String headers(JsonNode lines) {
        var headers = new HeaderLines();
        for (var line : lines) {
            headers.add(line.get(0).asText(), line.get(1).asText());
        }
        return names(headers);
    }

    private static String headers(HeaderLines lines) {
        var headers = new HeaderLines();
        lines.lines().forEach(line -> headers.add(latin1(line.name()), latin1(line.value())));
        return names(headers);
    }

    /**
     * Names in any order, the values of one name in theirs. Whether the connection is kept depends
     * on how much of the body has been read.
     */
    private static String names(HeaderLines headers) {
        var values = new TreeMap<String, List<String>>();
        headers.lines().stream()
                .filter(line -> !line.name().equalsIgnoreCase("Connection"))
                .forEach(line ->
                        values.computeIfAbsent(
                                        line.name().toLowerCase(Locale.ROOT),
                                        _ -> new ArrayList<>())
                                .add(value(line)));
        return values.toString();
    }

    /** The recordings have bytes as Latin-1 characters. */
    private static String latin1(String text) {
        return new String(KongText.encode(text), StandardCharsets.ISO_8859_1);
    }

    private static String value(HeaderLines.Line line) {
        return switch (line.name().toLowerCase(Locale.ROOT)) {
            case "x-kong-request-id" -> "<hex32>";
            case "date" -> "<date>";
            case "x-kong-upstream-latency", "x-kong-proxy-latency", "x-kong-response-latency" ->
                    "<int>";
            case "x-forwarded-port" -> "<gwport>";
            case "retry-after" -> "<int>";
            default -> stable(line.value().trim());
        };
    }

    static String stable(String text) {
        return text.replaceAll("kong/(3\\.[0-9.]+|<version>)", "kong/<version>")
                .replaceAll("\\b[0-9a-f]{32}\\b", "<hex32>")
                .replaceAll("(x-kong-(upstream|proxy)-latency=)[0-9]+", "$1<int>")
                .replaceAll("connection=(close|keep-alive)", "connection=<any>")
                .replaceAll("table: 0x[0-9a-f]+", "table: <ptr>");
    }
}
