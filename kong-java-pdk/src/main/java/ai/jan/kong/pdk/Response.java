// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code kong.response}: the answer to the client. Header values must not contain line breaks; an
 * empty one arrives as a single space.
 */
public interface Response {
    /** {@code kong.response.get_status}: as the client gets it. Response, log. */
    Answer<Integer> getStatus();

    /** {@code kong.response.get_header}: the first value; empty if there is none. Response, log. */
    Answer<Optional<String>> getHeader(String name);

    /**
     * {@code kong.response.get_headers}: what the client gets, names in lower case; at most 1000,
     * in log at most 100. Response, log.
     */
    Answer<Kong.Headers> getHeaders();

    /**
     * {@code kong.response.get_headers}. Response, log.
     *
     * @param maxHeaders from 1 to 1000; in log Kong does not look at it and gives at most 100
     */
    Answer<Kong.Headers> getHeaders(int maxHeaders);

    /** {@code kong.response.get_source}: who made the answer. Response, log. */
    Answer<Source> getSource();

    /**
     * {@code kong.response.set_status}. Rewrite, access, response; before the response phase the
     * service's own status replaces it.
     */
    void setStatus(int status);

    /**
     * {@code kong.response.set_header}. Rewrite, access, response. Set before the response phase,
     * it does not replace a header of that name that the service sends: the client gets both.
     */
    void setHeader(String name, String value);

    /** {@code kong.response.add_header}. Rewrite, access, response. */
    void addHeader(String name, String value);

    /** {@code kong.response.clear_header}. Rewrite, access, response. */
    void clearHeader(String name);

    /**
     * {@code kong.response.set_headers}: each name gets these values; a name without values is
     * removed. Rewrite, access, response.
     */
    void setHeaders(Map<String, List<String>> headers);

    /**
     * {@code kong.response.exit}: answers the request here and ends the event. Never returns: write
     * {@code throw kong.response().exit(…)} so that the compiler knows. The answers of everything
     * queued before are read first. Rewrite, access, response, preread.
     *
     * @param status from 100 to 599
     * @param body sent as it is; its length is computed
     * @param headers with a {@code Content-Type}, because Kong's default may not suit; a name
     *     without values removes a header
     */
    Error exit(int status, byte[] body, Map<String, List<String>> headers);

    /**
     * {@code kong.response.exit} with a text of JSON as body. Never returns. Rewrite, access,
     * response, preread.
     */
    Error exitJson(int status, String json);

    /**
     * {@code kong.response.error}, always in JSON: <code>{"message":…,"request_id":…}</code>, as
     * Kong itself answers. Never returns. Asks for the request's id, with all that is queued.
     * Rewrite, access, response, preread.
     *
     * @param status from 100 to 599
     * @param message for the client
     */
    Error error(int status, String message);

    /** Who made an answer. */
    enum Source {
        /** The service. */
        SERVICE,
        /** A plugin, with {@code kong.response.exit}. */
        EXIT,
        /** Kong itself, because something failed. */
        ERROR
    }
}
