// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.platform;

import java.util.Map;

/** How a {@link Platform} is set up where it is not as {@code make run} has it. */
public enum Setup {
    /** As {@code make run}, but for limits, which no load reaches. */
    USUAL,
    /** The same, started for one scenario: what others leave behind would be measured with it. */
    FRESH,
    /** With the limits that {@code kong.yml} has for everybody. */
    LIMITED,
    /** With a database that counts the statements it is sent. */
    COUNTED,
    /** With an llm-api-lite for more streams at once than its usual heap and settings allow. */
    LARGE;

    /** As pages tell it; empty for the usual one. */
    public String words() {
        return switch (this) {
            case USUAL -> "";
            case FRESH -> "started anew";
            case LIMITED -> "the limits of kong.yml";
            case COUNTED -> "PostgreSQL with pg_stat_statements";
            case LARGE -> "llm-api-lite with -Xmx1024m and JAN_HTTP_MAX_REQUESTS=20000";
        };
    }

    /** Settings of the supervisor. */
    public Map<String, String> environment() {
        return switch (this) {
            case USUAL, FRESH -> Map.of();
            case LIMITED -> Map.of("JAN_KONG_YML", "kong.yml");
            case COUNTED -> Map.of("JAN_DATABASE_LIBRARIES", "pg_stat_statements");
            case LARGE ->
                    Map.of("JAN_LLM_API_HEAP_MEGABYTES", "1024", "JAN_HTTP_MAX_REQUESTS", "20000");
        };
    }
}
