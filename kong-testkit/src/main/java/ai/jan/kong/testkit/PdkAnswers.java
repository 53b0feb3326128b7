// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit;

import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.message.Empty;
import ai.jan.kong.pdk.wire.PdkMethod;
import ai.jan.kong.pdk.wire.WireException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How Kong takes the frames of a call and makes the frame of its answer. */
public final class PdkAnswers {
    private PdkAnswers() {}

    /**
     * The argument of a call. What cannot be decoded is an empty message, as in Kong.
     *
     * @throws LuaError if the method does not work in that phase, or does not take the argument
     */
    public static Object argument(PdkMethod<?, ?> method, Phase phase, byte[] payload)
            throws LuaError {
        var argument = decode(method, payload);
        check(method, phase, argument);
        return argument;
    }

    /** Has a host carry out a call. */
    public static byte[] answer(PdkHost host, PdkMethod<?, ?> method, Object argument)
            throws LuaError {
        return encode(method, host.call(method, argument));
    }

    private static Object decode(PdkMethod<?, ?> method, byte[] payload) {
        try {
            return Objects.requireNonNull(method.argument().decodeAsKong(payload));
        } catch (WireException e) {
            try {
                return Objects.requireNonNull(method.argument().decode(new byte[0]));
            } catch (WireException impossible) {
                throw new AssertionError("an empty message", impossible);
            }
        }
    }

    @SuppressWarnings("unchecked") // the argument was decoded by the method's own type
    private static <A> void check(PdkMethod<A, ?> method, Phase phase, Object argument)
            throws LuaError {
        try {
            method.check(phase, (A) argument);
        } catch (IllegalStateException | IllegalArgumentException e) {
            throw new LuaError(String.valueOf(e.getMessage()));
        }
    }

    @SuppressWarnings("unchecked") // a host answers with the method's own type
    private static <R> byte[] encode(PdkMethod<?, R> method, @Nullable Object result) {
        return method.encodeResult(result instanceof Empty ? null : (R) result);
    }
}
