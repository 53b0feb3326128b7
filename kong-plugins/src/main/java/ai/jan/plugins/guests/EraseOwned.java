// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.guests;

import java.io.IOException;

/** Erases what somebody owns who is about to be no more. */
@FunctionalInterface
public interface EraseOwned {
    /** For where nothing can be erased. */
    EraseOwned NOTHING = _ -> {};

    /** Doing it again does no harm. */
    void erase(String subject) throws IOException;
}
