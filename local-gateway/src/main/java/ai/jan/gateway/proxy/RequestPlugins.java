// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.proxy;

import java.io.IOException;
import java.util.Optional;

/** The plugins of a gateway, as a request meets them. */
public interface RequestPlugins {
    /** Before routing; global plugins only. */
    Optional<Answer> rewrite(Exchange exchange) throws IOException, InterruptedException;

    /** After routing. The first answer ends the phase. */
    Optional<Answer> access(Exchange exchange) throws IOException, InterruptedException;

    /** Before a response's headers are sent, whoever made it. */
    void header(Exchange exchange, Headers response);

    /** Whether a plugin wants to see the service's whole response before the client does. */
    boolean buffersResponse(Exchange exchange);

    /** With the service's whole response; an answer takes its place. */
    Optional<Answer> response(Exchange exchange) throws IOException, InterruptedException;

    /** After the response. */
    void log(Exchange exchange) throws InterruptedException;
}
