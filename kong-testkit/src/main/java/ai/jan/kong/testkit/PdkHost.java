// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit;

import ai.jan.kong.pdk.wire.PdkMethod;
import org.jspecify.annotations.Nullable;

/**
 * Carries out what a plugin asks of Kong during one event. Called on the thread that runs the
 * event, in the order of the calls. The worker itself has already checked that the method works in
 * the phase and that Kong takes the argument; it also handles {@code kong.response.exit}, which
 * never comes here. {@link PdkCalls} is a typed way to write one.
 */
@FunctionalInterface
public interface PdkHost {
    /**
     * Carries out one call.
     *
     * @param argument of the method's argument type
     * @return a value of the method's result type; null for nil, and for methods without a result
     * @throws LuaError if Kong would raise an error; ends the event
     */
    @Nullable Object call(PdkMethod<?, ?> method, Object argument) throws LuaError;
}
