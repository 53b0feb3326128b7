// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.backend;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * A model as one backend offers it.
 *
 * @param id what callers ask for
 * @param upstreamId what the model server calls it
 * @param context tokens it can take in, if the file says so
 * @param price if the file says so
 */
public record ServedModel(
        String id, String upstreamId, OptionalInt context, Optional<Price> price) {
    public ServedModel(String id, String upstreamId, OptionalInt context) {
        this(id, upstreamId, context, Optional.empty());
    }
}
