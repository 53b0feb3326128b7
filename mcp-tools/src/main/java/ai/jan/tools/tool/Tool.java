// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.tool;

import ai.jan.kit.identity.Identity;
import java.io.IOException;

/**
 * Something a model may call. Implementations are thread-safe, block the thread they are called on,
 * and end soon when it is interrupted.
 */
public interface Tool {
    /** What clients are told about it. */
    ToolDefinition definition();

    /** What every call of it is held to. */
    Limits limits();

    /**
     * Runs it.
     *
     * @param caller whose documents, rate and approval count
     * @param arguments fit the definition's input schema
     * @throws ToolFailure with a text the model can act on
     * @throws IOException if a backend cannot be reached or answers nonsense
     */
    Answer call(Identity caller, Arguments arguments) throws IOException, InterruptedException;
}
