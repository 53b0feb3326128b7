// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.proxy;

/** What a plugin answers instead of the service. */
public sealed interface Answer {
    /** An answer as it is; a Content-Length is added unless it has one. */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    record Exit(int status, Headers headers, byte[] body) implements Answer {}

    /** One of Kong's own errors, in the form the client accepts. */
    record KongError(int status, String message) implements Answer {}

    /** The plugin failed: nothing may pass, and the client learns no more than that. */
    static Answer failure() {
        return new KongError(500, "An unexpected error occurred");
    }
}
