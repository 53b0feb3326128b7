// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.plugins;

import ai.jan.gateway.proxy.Answer;
import ai.jan.gateway.proxy.Exchange;
import ai.jan.gateway.proxy.Headers;
import java.io.IOException;
import java.util.Optional;

/** A bundled plugin of Kong with one configuration. Thread-safe. */
interface BundledPlugin {
    /** The access phase: an answer in place of the service's, or nothing. */
    default Optional<Answer> access(Exchange exchange) throws IOException {
        return Optional.empty();
    }

    /** The header_filter phase: before the response's headers are sent, whoever made them. */
    default void header(Exchange exchange, Headers response) {}

    /** The log phase: after the response. */
    default void log(Exchange exchange) {}
}
