// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk;

import java.util.Optional;

/** {@code kong.request}: the request as the client sent it. Texts are as {@link KongText} says. */
public interface Request {
    /**
     * {@code kong.request.get_scheme}: {@code http} or {@code https}. Rewrite, access, response.
     */
    Answer<String> getScheme();

    /**
     * {@code kong.request.get_host}: in lower case, without the port. Rewrite, access, response.
     */
    Answer<String> getHost();

    /** {@code kong.request.get_port}: Kong's own port. Rewrite, access, response, preread. */
    Answer<Integer> getPort();

    /**
     * {@code kong.request.get_forwarded_scheme}: what a trusted proxy says in {@code
     * X-Forwarded-Proto}, else the scheme. Rewrite, access, response.
     */
    Answer<String> getForwardedScheme();

    /**
     * {@code kong.request.get_forwarded_host}: what a trusted proxy says in {@code
     * X-Forwarded-Host}, else the host. Rewrite, access, response.
     */
    Answer<String> getForwardedHost();

    /**
     * {@code kong.request.get_forwarded_port}: what a trusted proxy says in {@code
     * X-Forwarded-Port}, else the port. Rewrite, access, response.
     */
    Answer<Integer> getForwardedPort();

    /** {@code kong.request.get_http_version}: 1.0, 1.1 or 2.0. Rewrite, access, response. */
    Answer<Double> getHttpVersion();

    /** {@code kong.request.get_method}: in upper case. Rewrite, access, response. */
    Answer<String> getMethod();

    /**
     * {@code kong.request.get_path}: the normalised path, without the query. Rewrite, access,
     * response.
     */
    Answer<String> getPath();

    /**
     * {@code kong.request.get_raw_path}: the path as it was sent, without the query. Taken from
     * {@code get_path_with_query}. Rewrite, access, response.
     */
    Answer<String> getRawPath();

    /**
     * {@code kong.request.get_path_with_query}: the request target as it was sent. Rewrite, access,
     * response.
     */
    Answer<String> getPathWithQuery();

    /**
     * {@code kong.request.get_raw_query}: without the question mark; empty if there is none.
     * Rewrite, access, response.
     */
    Answer<String> getRawQuery();

    /**
     * {@code kong.request.get_query_arg}: the first value of that name, decoded; empty if there is
     * no such argument, and {@code ""} for one without a value. Read from {@code get_raw_query},
     * because Kong ends the request for an argument without a value; so no argument is too far back
     * to be found. Rewrite, access, response.
     */
    Answer<Optional<String>> getQueryArg(String name);

    /** {@code kong.request.get_query}: at most 1000 arguments. Rewrite, access, response. */
    Answer<Kong.Query> getQuery();

    /**
     * {@code kong.request.get_query}. Rewrite, access, response.
     *
     * @param maxArgs from 1 to 1000
     */
    Answer<Kong.Query> getQuery(int maxArgs);

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
     * {@code kong.request.get_headers}. Rewrite, access, response, log.
     *
     * @param maxHeaders from 1 to 1000; in log Kong does not look at it and gives at most 100
     */
    Answer<Kong.Headers> getHeaders(int maxHeaders);

    /**
     * {@code kong.request.get_raw_body}: the whole body; Kong waits for the client to send it. A
     * body that Kong keeps in a file is read from there. Rewrite, access, response.
     *
     * @param maxBytes a longer body is {@link RawBody.TooLarge}
     */
    Answer<RawBody> getRawBody(int maxBytes);

    /**
     * {@code kong.request.get_uri_captures}: what the matched route's regular expression captured;
     * nothing in rewrite, or if it captures nothing. {@code %20} is decoded, {@code %2F} is not.
     * Rewrite, access, response, log.
     */
    Answer<UriCaptures> getUriCaptures();

    /**
     * The id that Kong gives to the request and tells client and service as {@code
     * X-Kong-Request-Id}: the variable {@code kong_request_id}. Rewrite, access, response; for log,
     * keep it in {@code kong.ctx.shared}.
     */
    Answer<Optional<String>> getId();
}
