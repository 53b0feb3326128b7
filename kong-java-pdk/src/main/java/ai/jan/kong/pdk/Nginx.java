// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk;

import java.util.Optional;

/** {@code kong.nginx}: what nginx knows of the request. */
public interface Nginx {
    /**
     * {@code kong.nginx.get_var}: a variable of nginx, such as {@code kong_request_id}. Rewrite,
     * access, response, preread. Empty if there is none, or if it is empty.
     */
    Answer<Optional<String>> getVar(String name);

    /**
     * {@code kong.nginx.get_ctx}: an entry of {@code ngx.ctx}, such as {@code
     * authenticated_consumer}, with all its fields. All phases. Forms as in {@link Shared#get}.
     */
    Answer<Optional<Object>> getCtx(String key);
}
