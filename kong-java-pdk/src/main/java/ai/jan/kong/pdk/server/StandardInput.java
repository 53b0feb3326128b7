// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.server;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * Waits for the end of standard input. A Kong worker holds the other end of it; when the worker
 * dies without ending its plugin server, that is the only sign. An input that is at its end from
 * the start, such as {@code /dev/null}, has nobody at its other end.
 */
final class StandardInput {
    private static final Duration AT_START = Duration.ofMillis(500);

    private StandardInput() {}

    static void watch(InputStream input, Runnable ended) {
        Thread.ofPlatform()
                .daemon()
                .name("stdin")
                .start(() -> {
                    if (endsLater(input)) {
                        ended.run();
                    }
                });
    }

    private static boolean endsLater(InputStream input) {
        long start = System.nanoTime();
        try {
            var buffer = new byte[256];
            while (input.read(buffer) >= 0) {
                // what is written there means nothing
            }
        } catch (IOException e) {
            // an input that cannot be read is at its end
        }
        return System.nanoTime() - start > AT_START.toNanos();
    }
}
