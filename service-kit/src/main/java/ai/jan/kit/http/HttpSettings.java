// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.http;

import ai.jan.kit.config.Settings;
import java.time.Duration;

/**
 * Where a server listens and what it puts up with.
 *
 * @param port 0 lets the system choose one
 * @param maxBody bytes of a request's body; more is 413
 * @param maxBodies bytes of all bodies that are in memory at once, see {@link Exchange#hold}; more
 *     is 503
 * @param maxRequests requests answered at once; more is 503
 * @param idle how long a connection may be silent while the server waits for its client
 * @param farewell how long a stop waits for requests that are being answered
 */
public record HttpSettings(
        String host,
        int port,
        int maxBody,
        long maxBodies,
        int maxRequests,
        Duration idle,
        Duration farewell) {
    private static final int MAX_BODY = 16 * 1024 * 1024;
    private static final int MAX_REQUESTS = 4096;
    private static final int MOST_REQUESTS = 1_000_000;
    // Longer than a proxy keeps an idle connection (Kong: 60 s), so that the proxy closes first.
    private static final Duration IDLE = Duration.ofSeconds(75);
    private static final int FAREWELL = 30;
    private static final int MAX_FAREWELL = 3600;
    // What is made of a body, such as a tree of its JSON, is several times as large.
    private static final int MEMORY_PER_BODY_BYTE = 8;

    public HttpSettings(String host, int port) {
        this(
                host,
                port,
                MAX_BODY,
                defaultMaxBodies(),
                MAX_REQUESTS,
                IDLE,
                Duration.ofSeconds(FAREWELL));
    }

    /**
     * Reads {@code JAN_HTTP_HOST}, {@code JAN_HTTP_PORT}, {@code JAN_HTTP_MAX_REQUESTS} and {@code
     * JAN_HTTP_STOP_SECONDS}, how long a stop waits for answers under way.
     */
    public static HttpSettings from(Settings settings, int defaultPort) {
        return new HttpSettings(
                settings.textOr("JAN_HTTP_HOST", "127.0.0.1"),
                settings.port("JAN_HTTP_PORT", defaultPort),
                MAX_BODY,
                defaultMaxBodies(),
                settings.number("JAN_HTTP_MAX_REQUESTS", MAX_REQUESTS, 1, MOST_REQUESTS),
                IDLE,
                Duration.ofSeconds(
                        settings.number("JAN_HTTP_STOP_SECONDS", FAREWELL, 0, MAX_FAREWELL)));
    }

    private static long defaultMaxBodies() {
        return Math.max(2L * MAX_BODY, Runtime.getRuntime().maxMemory() / MEMORY_PER_BODY_BYTE);
    }
}
