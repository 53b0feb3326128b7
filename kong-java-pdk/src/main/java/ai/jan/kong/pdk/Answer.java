// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk;

/**
 * A value asked of Kong. Asking only queues the call; the first {@link #get} sends everything
 * queued so far, setters included, and waits for the answers: ask for all that is needed, then get,
 * and it costs one round trip.
 *
 * @param <T> the value; {@code Optional} where Kong may have none
 */
public interface Answer<T> {
    /**
     * The value, waiting for Kong if it has not answered yet.
     *
     * @throws PdkException if Kong refused the call, or the connection was lost; the event is over
     *     then
     */
    T get();
}
