// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kong.pdk.KongText;
import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.message.ExitArgs;
import ai.jan.kong.pdk.wire.PdkMethod;
import ai.jan.kong.pdk.wire.PdkMethods;
import ai.jan.kong.testkit.EventOutcome;
import ai.jan.kong.testkit.LuaError;
import ai.jan.kong.testkit.PdkAnswers;
import ai.jan.kong.testkit.PdkHost;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What plugins set has the effect on service and client that it had in the real Kong. */
class RecordedSettersIT {
    private final List<String> differences = new ArrayList<>();
    private final Map<String, Integer> excepted = new TreeMap<>();
    private int same;

    @Test
    void aFew() throws Exception {
        check(Golden.bundled());
    }

    @Test
    void all() throws Exception {
        check(Golden.complete());
    }

    private void check(Path directory) throws Exception {
        var context =
                Golden.read(directory, "wire-contexts").stream()
                        .filter(record -> record.path("context").asText().equals("setter-base"))
                        .map(RecordedContext::new)
                        .findFirst()
                        .orElseThrow();

        for (var record : Golden.read(directory, "wire-setters")) {
            var exception = RecordedExceptions.of(record);
            if (exception.isPresent()) {
                excepted.merge(exception.get(), 1, Integer::sum);
            } else {
                check(context, record);
            }
        }

        System.out.printf(
                "setters: %d equal, excepted %s, %d different%n",
                same, excepted, differences.size());
        assertThat(differences).isEmpty();
        assertThat(same).isPositive();
    }

    private void check(RecordedContext context, JsonNode record) {
        var found = new ArrayList<String>();
        var exchange =
                context.kong((phase, host) -> run(record, phase, host, found))
                        .build()
                        .send(context.request());
        compare(found, "upstream", upstream(record), upstream(exchange));
        compare(found, "response", response(record), response(record, exchange));
        if (found.isEmpty()) {
            same++;
        } else {
            differences.add(record.path("id").asText() + "\n  " + String.join("\n  ", found));
        }
    }

    private static void compare(List<String> found, String what, String expected, String actual) {
        if (!expected.equals(actual)) {
            found.add(what + "\n    expected " + expected + "\n    but was  " + actual);
        }
    }

    private static EventOutcome run(
            JsonNode record, Phase phase, PdkHost host, List<String> found) {
        for (var call : record.path("calls")) {
            if (call.path("phase").asText().equals(phase.wireName())) {
                var method = PdkMethods.named(call.path("method").asText());
                if (method.isEmpty()) {
                    return new EventOutcome.Failed("no such method");
                }
                try {
                    var argument = PdkAnswers.argument(method.get(), phase, argument(call));
                    if (argument instanceof ExitArgs exit) {
                        return EventOutcome.Exited.of(exit);
                    }
                    var reply = PdkAnswers.answer(host, method.get(), argument);
                    compare(
                            found,
                            call.path("method").asText(),
                            expected(call, method.get()),
                            actual(call, method.get(), reply));
                } catch (LuaError e) {
                    compare(
                            found,
                            call.path("method").asText(),
                            expected(call, method.get()),
                            "aborted");
                    return new EventOutcome.Failed(String.valueOf(e.getMessage()));
                }
            }
        }
        return new EventOutcome.Completed();
    }

    /** Long arguments were not recorded; their content does not matter. */
    private static byte[] argument(JsonNode call) {
        return Golden.bytes(call, "argument_hex").orElseThrow();
    }

    private static String expected(JsonNode call, PdkMethod<?, ?> method) {
        if (call.path("reply").asText().equals("none")) {
            return "aborted";
        }
        if (call.has("reply_size")) {
            return "size " + call.path("reply_size").asInt();
        }
        return decoded(method, Golden.bytes(call, "reply_hex").orElseThrow());
    }

    private static String actual(JsonNode call, PdkMethod<?, ?> method, byte[] reply) {
        return call.has("reply_size") ? "size " + reply.length : decoded(method, reply);
    }

    private static String decoded(PdkMethod<?, ?> method, byte[] reply) {
        try {
            return method == PdkMethods.LOG_SERIALIZE
                    ? Decoded.shape(method, reply)
                    : stable(Decoded.exact(method, reply));
        } catch (Exception e) {
            throw new AssertionError(e);
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
                response.path("body_volatile").asBoolean() ? "" : body(response));
    }

    private static String response(JsonNode record, SimulatedExchange exchange) {
        var response = exchange.response();
        boolean changes = record.path("response").path("body_volatile").asBoolean();
        return String.join(
                "\n    ",
                String.valueOf(response.status()),
                headers(response.headers()),
                changes ? "" : body(response.body().toArray()));
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

    private static String stable(String text) {
        return text.replaceAll("kong/(3\\.[0-9.]+|<version>)", "kong/<version>")
                .replaceAll("\\b[0-9a-f]{32}\\b", "<hex32>")
                .replaceAll("(x-kong-(upstream|proxy)-latency=)[0-9]+", "$1<int>")
                .replaceAll("connection=(close|keep-alive)", "connection=<any>")
                .replaceAll("table: 0x[0-9a-f]+", "table: <ptr>");
    }
}
