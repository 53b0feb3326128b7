// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.message.ExitArgs;
import ai.jan.kong.pdk.wire.PdkMethod;
import ai.jan.kong.pdk.wire.PdkMethods;
import ai.jan.kong.testkit.EventOutcome;
import ai.jan.kong.testkit.LuaError;
import ai.jan.kong.testkit.PdkAnswers;
import ai.jan.kong.testkit.PdkHost;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What plugins set has the effect on service and client that it had in the real Kong. */
class RecordedSettersIT {
    private final List<String> differences = new ArrayList<>();
    private int same;

    @Test
    void aFew() throws Exception {
        check(Golden.bundled());
    }

    @Test
    void all() throws Exception {
        check(Golden.complete("wire-setters"));
    }

    private void check(Path directory) throws Exception {
        var contexts = Golden.contexts(directory);
        for (var record : Golden.read(directory, "wire-setters")) {
            var context = record.path("context").asText("setter-base");
            assertThat(contexts).as("a context that was not recorded").containsKey(context);
            check(new RecordedContext(contexts.get(context)), record);
        }

        System.out.printf("setters: %d equal, %d different%n", same, differences.size());
        assertThat(differences).isEmpty();
        assertThat(same).isPositive();
    }

    private void check(RecordedContext context, JsonNode record) {
        var found = new ArrayList<String>();
        var exchange =
                context.kong((phase, host) -> run(record, phase, host, found))
                        .build()
                        .send(context.request());
        found.addAll(RecordedEffects.of(record, exchange));
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

    private static byte[] argument(JsonNode call) {
        return Golden.bytes(call, "argument_hex").or(() -> Golden.longBytes(call)).orElseThrow();
    }

    private static String expected(JsonNode call, PdkMethod<?, ?> method) {
        if (call.path("reply").asText().equals("none")) {
            return "aborted";
        }
        if (call.has("reply_size")) {
            return size(method, call.path("reply_size").asInt());
        }
        return decoded(method, Golden.bytes(call, "reply_hex").orElseThrow());
    }

    private static String actual(JsonNode call, PdkMethod<?, ?> method, byte[] reply) {
        return call.has("reply_size") ? size(method, reply.length) : decoded(method, reply);
    }

    /** A log record has times and ids of other lengths each time. */
    private static String size(PdkMethod<?, ?> method, int bytes) {
        return method == PdkMethods.LOG_SERIALIZE ? "long" : "size " + bytes;
    }

    private static String decoded(PdkMethod<?, ?> method, byte[] reply) {
        try {
            return method == PdkMethods.LOG_SERIALIZE
                    ? Decoded.shape(method, reply)
                    : RecordedEffects.stable(Decoded.exact(method, reply));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
