// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk;

import java.util.function.Function;

/**
 * A value asked of Kong. Asking only queues the call; the first {@link #get} sends everything
 * queued so far, setters included, and waits for the answers: ask for all that is needed, then get,
 * and it costs one round trip.
 *
 * @param <T> the value; {@code Optional} where Kong may have none
 */
@FunctionalInterface
public interface Answer<T> {
    /**
     * The value, waiting for Kong if it has not answered yet.
     *
     * @throws PdkException if Kong refused the call, or the connection was lost; the event is over
     *     then
     */
    T get();

    /** An answer made of this one; asks nothing more. */
    default <U> Answer<U> map(Function<? super T, ? extends U> form) {
        return () -> form.apply(get());
    }
}
