// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk;

import ai.jan.kong.pdk.message.AuthenticatedCredential;
import ai.jan.kong.pdk.message.Consumer;
import java.util.Optional;
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

    /** {@code kong.client.get_port}: the peer's port. Rewrite, access, response, preread. */
    Answer<Integer> getPort();

    /**
     * {@code kong.client.get_forwarded_port}: the client's port behind trusted proxies; 0 if they
     * do not tell. Rewrite, access, response, preread.
     */
    Answer<Integer> getForwardedPort();

    /**
     * {@code kong.client.get_credential}: the credential of this request; empty if there is none.
     * Its {@code consumer_id} is empty for credentials from Kong's database: {@link
     * #getFullCredential} has it. Access, response, log.
     */
    Answer<Optional<AuthenticatedCredential>> getCredential();

    /** The credential of this request with all its fields, from {@code ngx.ctx}. All phases. */
    Answer<Optional<Entity>> getFullCredential();

    /**
     * {@code kong.client.load_consumer} by id: asks Kong's cache or database; empty if there is no
     * such consumer. Access, response, log.
     *
     * @param id a UUID
     * @throws IllegalArgumentException if it is none
     */
    Answer<Optional<Consumer>> loadConsumer(String id);

    /** {@code kong.client.load_consumer} by user name. Access, response, log. */
    Answer<Optional<Consumer>> loadConsumerByUsername(String username);

    /**
     * {@code kong.client.get_consumer}: whom a plugin has authenticated; empty if none has. Access,
     * response, log.
     */
    Answer<Optional<Consumer>> getConsumer();

    /** The consumer of this request with all its fields, from {@code ngx.ctx}. All phases. */
    Answer<Optional<Entity>> getFullConsumer();

    /**
     * {@code kong.client.authenticate}: names the consumer and the credential of this request, for
     * plugins that come later; at least one of them. Sends no {@code X-Consumer-*} headers to the
     * service. Access only.
     *
     * @throws IllegalArgumentException if both are missing
     */
    void authenticate(@Nullable Consumer consumer, @Nullable AuthenticatedCredential credential);

    /**
     * {@code kong.client.get_protocol}: the protocol of the matched route: {@code http}, {@code
     * https}, {@code tcp}, {@code tls}; empty without a route. Access and response; log only for a
     * route of exactly one protocol, else Kong fails the event.
     *
     * @param allowTerminated whether a proxy that is trusted may tell that TLS ended at it
     */
    Answer<Optional<String>> getProtocol(boolean allowTerminated);
}
