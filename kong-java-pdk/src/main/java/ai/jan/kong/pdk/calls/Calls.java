// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.calls;

import ai.jan.kong.pdk.Answer;
import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.message.Empty;
import ai.jan.kong.pdk.message.ExitArgs;
import ai.jan.kong.pdk.wire.PdkMethod;
import java.util.function.Function;

/** Carries calls to Kong, in order, for one event. For the event's thread only. */
public interface Calls {
    /** The phase that the event is of. */
    Phase phase();

    /**
     * Queues a call that has a result.
     *
     * @param form makes the Java form of the result; called when Kong has answered
     */
    <A, R, T> Answer<T> ask(PdkMethod<A, R> method, A argument, Function<R, T> form);

    /** Queues a call that has none. */
    <A> void tell(PdkMethod<A, Empty> method, A argument);

    /** Has everything queued carried out, then answers the request; the event is over. */
    ExitSignal exit(ExitArgs args);

    /** Queues a call without argument that has a result. */
    default <R, T> Answer<T> ask(PdkMethod<Empty, R> method, Function<R, T> form) {
        return ask(method, Empty.EMPTY, form);
    }

    /** Queues a call without argument, whose result is taken as it comes. */
    default <R> Answer<R> ask(PdkMethod<Empty, R> method) {
        return ask(method, Empty.EMPTY, Function.identity());
    }
}
