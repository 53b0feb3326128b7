// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk;

import java.util.Optional;

/** {@code kong.nginx}: what nginx knows of the request. */
public interface Nginx {
    /**
     * {@code kong.nginx.get_var}: a variable of nginx, such as {@code ssl_client_verify}. Rewrite,
     * access, response, preread. Empty if there is none, or if it is empty.
     */
    Answer<Optional<String>> getVar(String name);

    /**
     * {@code kong.nginx.get_ctx}: an entry of {@code ngx.ctx}, such as {@code
     * KONG_PROCESSING_START} (milliseconds since 1970). All phases; in log the entries as they were
     * when the request ended. Empty if there is none. Forms as in {@link Shared#get}. Kong fails
     * the event for a table with other than string keys.
     */
    Answer<Optional<Object>> getCtx(String key);

    /**
     * {@code kong.nginx.set_ctx}: sets an entry of {@code ngx.ctx}; Kong's own entries decide how
     * it goes on with the request. All phases; in log it changes a copy only.
     *
     * @throws IllegalArgumentException for a value that does not reach Kong, as in {@link
     *     Shared#set}
     */
    void setCtx(String key, Object value);

    /**
     * {@code kong.nginx.get_tls1_version_str}: such as {@code TLSv1.3}; empty on a plain
     * connection. All phases.
     */
    Answer<Optional<String>> getTls1VersionStr();

    /**
     * {@code kong.nginx.req_start_time}: when the request began, in seconds since 1970 with
     * milliseconds; 0 in certificate and in the stream subsystem. All phases.
     */
    Answer<Double> reqStartTime();

    /** {@code kong.nginx.get_subsystem}: {@code http} or {@code stream}. All phases. */
    Answer<String> getSubsystem();
}
