// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import ai.jan.kong.pdk.Bytes;
import java.util.Optional;

/**
 * A request as the service gets it.
 *
 * @param host where it is sent, as {@code host:port}
 * @param target path and query
 */
public record UpstreamRequest(
        String scheme, String host, String method, String target, HeaderLines headers, Bytes body) {
    public Optional<String> header(String name) {
        return headers.first(name);
    }
}
