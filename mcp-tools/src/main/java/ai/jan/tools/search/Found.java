// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.search;

import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;

/**
 * What an engine found, best first.
 *
 * @param raw what it said, in JSON, for those who want more of it; {@code null} in JSON if that was
 *     much
 */
record Found(String engine, List<Hit> hits, String raw, Instant at) {
    private static final int LONGEST = 64 * 1024;

    /** One result. */
    record Hit(String title, String url, String snippet) {
        static Hit of(JsonNode result, String url, String snippet) {
            return new Hit(
                    result.path("title").asText(""),
                    result.path(url).asText(""),
                    result.path(snippet).asText(""));
        }
    }

    Found {
        hits = List.copyOf(hits);
        raw = raw.length() <= LONGEST ? raw : "null";
    }

    static Found of(String engine, List<Hit> hits, JsonNode raw, Instant at) {
        return new Found(engine, hits, Json.text(raw), at);
    }

    /** How many bytes it takes, roughly. */
    long size() {
        return 2L * raw.length()
                + hits.stream()
                        .mapToLong(hit ->
                                200
                                        + 2L * hit.title().length()
                                        + 2L * hit.url().length()
                                        + 2L * hit.snippet().length())
                        .sum();
    }
}
