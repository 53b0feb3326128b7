// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.search;

import java.io.IOException;

/** Somebody who searches the web for us. Thread-safe. */
interface SearchEngine {
    /** Such as {@code serper}. */
    String name();

    /**
     * Asks.
     *
     * @throws IOException if it does not answer, or not with results
     */
    Found search(SearchQuery query) throws IOException;
}
