// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.keycloak;

/**
 * Keycloak cannot do what was asked now: it is down, frozen, overloaded, answers what it should
 * not, or does not know us. The message is for the log and carries nothing secret; a client gets
 * 503.
 */
public final class KeycloakUnavailable extends RuntimeException {
    public KeycloakUnavailable(String message) {
        super(message);
    }

    KeycloakUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
