// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.keys;

import java.util.Optional;

/** Finds the key with a hash, unless it is revoked. May block for as long as the database does. */
@FunctionalInterface
public interface FindKey {
    /**
     * @throws RuntimeException if the database cannot be asked
     */
    Optional<ApiKey> find(KeyHash hash);
}
