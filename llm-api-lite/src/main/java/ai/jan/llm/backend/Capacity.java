// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.backend;

/**
 * How much a backend is given to do.
 *
 * @param weight its share compared with other backends of the same model
 * @param requests at once; what comes when all backends of a model are full waits its turn for as
 *     long as {@link Deadlines#queue}
 */
public record Capacity(int weight, int requests) {
    public static final Capacity DEFAULT = new Capacity(1, 4096);
}
