// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk;

import java.util.Optional;

/**
 * {@code kong.service.response}: what the service answered. Response; in log only if the answer was
 * buffered, by a plugin with a response phase or by {@link ServiceRequest#enableBuffering}, else
 * Kong ends the event there.
 */
public interface ServiceResponse {
    /** {@code kong.service.response.get_status}; 0 if the service did not answer. */
    Answer<Integer> getStatus();

    /**
     * {@code kong.service.response.get_header}: the first value of that name, in any case; empty if
     * there is none.
     */
    Answer<Optional<String>> getHeader(String name);

    /**
     * {@code kong.service.response.get_headers}: the service's headers, one value of each name.
     * Kong's own function is always empty over this protocol, so the names come from {@link
     * Response#getHeaders} and the values from {@link #getHeader}: two round trips, and a header is
     * missed that Kong or a plugin removed from the answer.
     */
    Answer<Kong.Headers> getHeaders();

    /** {@code kong.service.response.get_raw_body}: all of the body, as the service encoded it. */
    Answer<Bytes> getRawBody();
}
