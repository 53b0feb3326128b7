// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.lifecycle;

import java.io.IOException;

/** What a process does. */
@FunctionalInterface
public interface Program {
    /**
     * A command does its work and returns. A server starts what it needs, names what to close by
     * {@link Lifecycle#onStop}, and ends with {@link Lifecycle#awaitStop}.
     *
     * @throws IOException if something that is needed is not available; its message is shown
     */
    void run(Lifecycle lifecycle) throws IOException, InterruptedException;
}
