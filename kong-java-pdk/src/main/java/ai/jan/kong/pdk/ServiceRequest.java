// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk;

import java.util.List;
import java.util.Map;

/**
 * {@code kong.service.request}: the request as the service gets it. Rewrite and access, all of them
 * but {@link #enableBuffering}. Header values must not contain line breaks; an argument that Kong
 * would refuse throws {@link IllegalArgumentException}.
 */
public interface ServiceRequest {
    /** {@code kong.service.request.set_scheme}: {@code http} or {@code https}. */
    void setScheme(String scheme);

    /** {@code kong.service.request.set_method}: one of HTTP's methods, in upper case. */
    void setMethod(String method);

    /**
     * {@code kong.service.request.set_path}: starts with a slash, without a query; Kong escapes it.
     */
    void setPath(String path);

    /** {@code kong.service.request.set_raw_query}: without the question mark. */
    void setRawQuery(String query);

    /**
     * {@code kong.service.request.set_query}: replaces the whole query; Kong sorts and escapes it.
     * A value {@code ""} is written as {@code name=}.
     */
    void setQuery(Map<String, List<String>> args);

    /**
     * {@code kong.service.request.clear_query_arg}: removes all arguments of that name. Made of
     * {@code get_raw_query} and {@code set_raw_query}, so it is a round trip, and what an earlier
     * call has set in the same event counts.
     */
    void clearQueryArg(String name);

    /**
     * {@code kong.service.request.enable_buffering}: has Kong keep the service's whole answer in
     * memory before the client gets any of it, so that {@link ServiceResponse} works in log. Not
     * for streaming routes. Access only.
     */
    void enableBuffering();

    /** {@code kong.service.request.set_raw_body}; the length is adjusted. */
    void setRawBody(byte[] body);

    /** {@code kong.service.request.set_header}: replaces all values of that name. */
    void setHeader(String name, String value);

    /** {@code kong.service.request.add_header}. */
    void addHeader(String name, String value);

    /** {@code kong.service.request.clear_header}: removes all values of that name. */
    void clearHeader(String name);

    /**
     * {@code kong.service.request.set_headers}: each name gets these values; a name without values
     * is removed.
     */
    void setHeaders(Map<String, List<String>> headers);
}
