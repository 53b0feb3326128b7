// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.http;

import java.io.IOException;

/** Answers the requests of one method and path. Runs on a virtual thread of its own: may block. */
@FunctionalInterface
public interface Route {
    /**
     * Answers by one of the exchange's {@code send} methods or its event stream. Whatever is thrown
     * becomes an error answer, or an error event if a stream was already open; see {@link
     * HttpServer}.
     */
    void handle(Exchange exchange) throws IOException, InterruptedException;
}
