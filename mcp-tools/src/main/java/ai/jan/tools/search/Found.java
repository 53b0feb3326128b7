// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.search;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;

/**
 * What an engine found, best first.
 *
 * @param raw what it said, for those who want more of it
 */
record Found(String engine, List<Hit> hits, JsonNode raw, Instant at) {
    /** One result. */
    record Hit(String title, String url, String snippet) {}

    Found {
        hits = List.copyOf(hits);
    }
}
