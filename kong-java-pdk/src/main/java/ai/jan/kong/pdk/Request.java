// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk;

import java.util.Optional;

/** {@code kong.request}: the request as the client sent it. */
public interface Request {
    /** {@code kong.request.get_method}. Rewrite, access, response. */
    Answer<String> getMethod();

    /**
     * {@code kong.request.get_path}: the normalised path, without the query. Rewrite, access,
     * response.
     */
    Answer<String> getPath();

    /**
     * {@code kong.request.get_path_with_query}: the request target as it was sent. Rewrite, access,
     * response.
     */
    Answer<String> getPathWithQuery();

    /** {@code kong.request.get_raw_query}: without the question mark. Rewrite, access, response. */
    Answer<String> getRawQuery();

    /**
     * {@code kong.request.get_header}: the first value of that name, in any case; empty if there is
     * none, or if it is empty. Rewrite, access, response, log.
     */
    Answer<Optional<String>> getHeader(String name);

    /**
     * {@code kong.request.get_headers}: all headers, names in lower case; at most 1000, in log at
     * most 100. Rewrite, access, response, log.
     */
    Answer<Kong.Headers> getHeaders();

    /**
     * {@code kong.request.get_raw_body}: the whole body; Kong waits for the client to send it. A
     * body that Kong keeps in a file is read from there. Rewrite, access, response.
     *
     * @param maxBytes a longer body is {@link RawBody.TooLarge}
     */
    Answer<RawBody> getRawBody(int maxBytes);
}
