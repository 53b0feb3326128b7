// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.message.Struct;
import ai.jan.kong.pdk.wire.PdkMethod;
import ai.jan.kong.pdk.wire.PdkMethods;
import ai.jan.kong.testkit.EventOutcome;
import ai.jan.kong.testkit.LuaError;
import ai.jan.kong.testkit.PdkAnswers;
import ai.jan.kong.testkit.PdkHost;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The simulated Kong answers each recorded getter as the real one did. */
class RecordedGettersIT {
    private final List<String> differences = new ArrayList<>();
    private int seen;
    private int newer;
    private int same;
    private int volatileSame;

    @Test
    void aFew() throws Exception {
        check(Golden.bundled(), 8);
    }

    @Test
    void all() throws Exception {
        check(Golden.complete("wire-getters"), Golden.isOurs() ? 188 : Integer.MAX_VALUE);
    }

    /**
     * @param exceptions how many there may be
     */
    private void check(Path directory, int exceptions) throws Exception {
        var contexts = Golden.contexts(directory);
        Map<String, List<JsonNode>> getters = new LinkedHashMap<>();
        int recorded = 0;
        for (var getter : Golden.read(directory, "wire-getters")) {
            getters.computeIfAbsent(getter.path("context").asText(), _ -> new ArrayList<>())
                    .add(getter);
            recorded += getter.path("phase").isArray() ? getter.path("phase").size() : 1;
        }

        getters.forEach((id, calls) -> {
            assertThat(contexts).as("a context that was not recorded").containsKey(id);
            var context = new RecordedContext(contexts.get(id));
            context.kong((phase, host) -> run(calls, phase, host)).build().send(context.request());
        });

        System.out.printf(
                "getters: %d equal, %d of the same shape, %d work in log from 3.10 only,"
                        + " %d different%n",
                same, volatileSame, newer, differences.size());
        assertThat(differences).isEmpty();
        assertThat(seen).as("getters whose phase was reached").isEqualTo(recorded);
        assertThat(same + volatileSame + newer).isEqualTo(recorded);
        assertThat(newer).as("exceptions").isLessThanOrEqualTo(exceptions);
        assertThat(same).isPositive();
    }

    private EventOutcome run(List<JsonNode> calls, Phase phase, PdkHost host) {
        for (var call : calls) {
            if (isIn(call.path("phase"), phase)) {
                seen++;
                if (RecordedExceptions.isNewer(call, phase)) {
                    newer++;
                } else {
                    compare(call, phase, host);
                }
            }
        }
        return new EventOutcome.Completed();
    }

    private static boolean isIn(JsonNode phases, Phase phase) {
        if (phases.isTextual()) {
            return phases.asText().equals(phase.wireName());
        }
        for (var one : phases) {
            if (one.asText().equals(phase.wireName())) {
                return true;
            }
        }
        return false;
    }

    private void compare(JsonNode call, Phase phase, PdkHost host) {
        var method = PdkMethods.named(call.path("method").asText()).orElseThrow();
        boolean changes = call.path("volatile").asBoolean() || isWorkspace(call);
        String expected;
        String actual;
        try {
            expected = expected(call, method, changes);
            actual = actual(call, method, phase, host, changes);
        } catch (Exception e) {
            throw new AssertionError(call.toString(), e);
        }
        if (!expected.equals(actual)) {
            differences.add(
                    "%s %s %s %s%n  expected %s%n  but was  %s"
                            .formatted(
                                    call.path("context").asText(),
                                    phase,
                                    method,
                                    call.path("argument_hex").asText(),
                                    expected,
                                    actual));
        } else if (changes) {
            volatileSame++;
        } else {
            same++;
        }
    }

    /** Its id is generated when Kong is installed. */
    private static boolean isWorkspace(JsonNode call) {
        return call.path("argument_hex").asText().equals("0a09776f726b7370616365");
    }

    /** Which header of the upstream comes first was left to chance. */
    private static boolean isOneHeader(JsonNode call) {
        return call.path("method").asText().equals("kong.response.get_headers")
                && call.path("argument_hex").asText().equals("0801");
    }

    private static String expected(JsonNode call, PdkMethod<?, ?> method, boolean changes)
            throws Exception {
        if (call.path("reply").asText().equals("none")) {
            return "aborted";
        }
        var reply = Golden.bytes(call, "reply_hex");
        if (reply.isEmpty()) {
            return changes ? "long" : "size " + call.path("reply_size").asInt();
        }
        return compared(call, method, changes, reply.get());
    }

    private static String actual(
            JsonNode call, PdkMethod<?, ?> method, Phase phase, PdkHost host, boolean changes)
            throws Exception {
        byte[] reply;
        try {
            var bytes = Golden.bytes(call, "argument_hex").orElseThrow();
            var argument = PdkAnswers.argument(method, phase, bytes);
            reply = PdkAnswers.answer(host, method, argument);
        } catch (LuaError e) {
            return "aborted";
        }
        if (call.has("reply_size")) {
            return changes ? "long" : "size " + reply.length;
        }
        return compared(call, method, changes, reply);
    }

    private static String compared(
            JsonNode call, PdkMethod<?, ?> method, boolean changes, byte[] reply) throws Exception {
        if (isOneHeader(call) && reply.length > 0) {
            return "fields " + ((Struct) method.result().decode(reply)).fields().size();
        }
        return changes ? Decoded.shape(method, reply) : Decoded.exact(method, reply);
    }
}
