// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk;

import java.util.List;
import java.util.Map;

/**
 * {@code kong.service.request}: the request as the service gets it. Rewrite and access, all of
 * them.
 */
public interface ServiceRequest {
    /** {@code kong.service.request.set_method}: one of HTTP's methods, in upper case. */
    void setMethod(String method);

    /**
     * {@code kong.service.request.set_path}: starts with a slash, without a query; Kong escapes it.
     */
    void setPath(String path);

    /** {@code kong.service.request.set_raw_query}: without the question mark. */
    void setRawQuery(String query);

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
