// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk;

/**
 * A plugin with one configuration. A phase is taken part in by overriding its method; only
 * overridden phases are announced to Kong. One object serves all requests of that configuration at
 * once, so a plugin keeps no state of a request in its fields.
 *
 * <p>An exception that leaves a phase ends that request with 500 and harms nothing else.
 */
public interface Plugin extends AutoCloseable {
    /** In the TLS handshake; only for plugins configured globally. */
    default void certificate(Kong kong) throws Exception {}

    /** At the start of a request, before routing; only for plugins configured globally. */
    default void rewrite(Kong kong) throws Exception {}

    /** After routing, before the request goes to the service. */
    default void access(Kong kong) throws Exception {}

    /**
     * After the whole answer of the service is in memory, before the client gets any of it. Makes
     * Kong buffer every answer: not for streaming routes.
     */
    default void response(Kong kong) throws Exception {}

    /** At the start of a TCP or TLS connection of the stream subsystem. */
    default void preread(Kong kong) throws Exception {}

    /** After the answer was sent; sees a snapshot of the request. */
    default void log(Kong kong) throws Exception {}

    /** When no Kong worker uses this configuration any more. */
    @Override
    default void close() {}
}
