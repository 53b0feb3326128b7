// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk;

import ai.jan.kong.pdk.message.AuthenticatedCredential;
import ai.jan.kong.pdk.message.Consumer;
import org.jspecify.annotations.Nullable;

/** {@code kong.client}: who sent the request. */
public interface Client {
    /** {@code kong.client.get_ip}: the peer's address. Rewrite, access, response, preread. */
    Answer<String> getIp();

    /**
     * {@code kong.client.get_forwarded_ip}: the client's address behind trusted proxies ({@code
     * trusted_ips}). Rewrite, access, response, preread.
     */
    Answer<String> getForwardedIp();

    /**
     * {@code kong.client.authenticate}: names the consumer and the credential of this request, for
     * plugins that come later; at least one of them. Sends no {@code X-Consumer-*} headers to the
     * service. Access only.
     */
    void authenticate(@Nullable Consumer consumer, @Nullable AuthenticatedCredential credential);
}
