// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.web;

import ai.jan.tools.tool.ToolFailure;
import java.time.Duration;

/** When a page has to be there, however many requests it takes. */
record Deadline(long nanoTime) {
    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /**
     * How long is left, more than nothing.
     *
     * @throws ToolFailure if it has passed: the site's fault, not the tool's
     */
    long nanosLeft() {
        long left = nanoTime - System.nanoTime();
        if (left <= 0) {
            throw ToolFailure.refused("The site took too long to answer.");
        }
        return left;
    }
}
