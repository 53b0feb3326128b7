// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import ai.jan.kong.pdk.Answer;
import ai.jan.kong.pdk.calls.Calls;
import ai.jan.kong.pdk.message.ExitArgs;
import ai.jan.kong.pdk.wire.PdkMethod;
import ai.jan.kong.pdk.wire.PdkMethods;
import ai.jan.kong.pdk.wire.WireException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What the plugin of a replayed event calls. One event at a time. */
final class ReplayedScript {
    /** A call as it was recorded. */
    record Call(String method, byte[] argument) {}

    /** A plugin's only way to say something that Kong has no method for. */
    static final class Failure extends Exception {
        Failure(String message) {
            super(message);
        }
    }

    private List<Call> calls = List.of();

    synchronized void set(List<Call> next) {
        calls = List.copyOf(next);
    }

    private synchronized List<Call> calls() {
        return calls;
    }

    /** Queues all calls, then waits for their answers; exits or fails where the recording does. */
    void run(Calls kong) throws Exception {
        var answers = new ArrayList<Answer<?>>();
        for (var call : calls()) {
            var method =
                    PdkMethods.named(call.method())
                            .orElseThrow(() -> new Failure("says " + call.method()));
            if (method == PdkMethods.RESPONSE_EXIT) {
                throw kong.exit((ExitArgs) argument(method, call));
            }
            answers.add(ask(kong, method, call));
        }
        for (var answer : answers) {
            answer.get();
        }
    }

    private static <A, R> Answer<R> ask(Calls kong, PdkMethod<A, R> method, Call call)
            throws WireException {
        return kong.ask(method, argument(method, call), Function.identity());
    }

    private static <A> A argument(PdkMethod<A, ?> method, Call call) throws WireException {
        return method.argument().decode(call.argument());
    }
}
