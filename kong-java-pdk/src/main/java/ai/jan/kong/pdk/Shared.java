// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk;

import java.util.Optional;

/** {@code kong.ctx.shared}: values that all plugins of a request share, Lua plugins included. */
public interface Shared {
    /**
     * {@code kong.ctx.shared.set}. All phases. A value is a string, a number, {@code true}, or a
     * list or a map with string keys of such.
     *
     * @throws IllegalArgumentException for {@code false}, which Kong would turn into nothing, and
     *     for anything else that it has no form of
     */
    void set(String key, Object value);

    /**
     * {@code kong.ctx.shared.get}. All phases. Numbers come as {@code Double}; an empty list comes
     * as an empty map.
     */
    Answer<Optional<Object>> get(String key);
}
