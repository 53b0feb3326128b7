// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.calls;

import ai.jan.kong.pdk.Answer;
import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.message.Empty;
import ai.jan.kong.pdk.message.ExitArgs;
import ai.jan.kong.pdk.wire.PdkMethod;
import ai.jan.kong.pdk.wire.PdkMethods;
import ai.jan.kong.pdk.wire.WireException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Notes what is called, and answers what it was given, or what an empty frame means. */
final class RecordingCalls implements Calls {
    final List<String> called = new ArrayList<>();
    private final Map<String, Object> answers = new HashMap<>();
    private final Phase phase;

    RecordingCalls(Phase phase) {
        this.phase = phase;
    }

    <R> RecordingCalls with(PdkMethod<?, R> method, R result) {
        answers.put(method.name(), result);
        return this;
    }

    @Override
    public Phase phase() {
        return phase;
    }

    @Override
    @SuppressWarnings("unchecked") // filled by a typed method
    public <A, R, T> Answer<T> ask(PdkMethod<A, R> method, A argument, Function<R, T> form) {
        note(method, argument);
        return () -> {
            try {
                var empty = method.result().decode(new byte[0]);
                return form.apply((R) answers.getOrDefault(method.name(), empty));
            } catch (WireException e) {
                throw new AssertionError(e);
            }
        };
    }

    @Override
    public <A> void tell(PdkMethod<A, Empty> method, A argument) {
        note(method, argument);
    }

    @Override
    public ExitSignal exit(ExitArgs args) {
        note(PdkMethods.RESPONSE_EXIT, args);
        called.add(args.status() + " " + args.body().utf8());
        return new ExitSignal();
    }

    private <A> void note(PdkMethod<A, ?> method, A argument) {
        method.check(phase, argument);
        called.add(method.name());
    }
}
