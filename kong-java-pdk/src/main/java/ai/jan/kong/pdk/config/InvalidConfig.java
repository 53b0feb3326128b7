// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.config;

/**
 * A configuration that Kong accepted but that does not fit the record. Names the field, never its
 * value, which may be a secret.
 */
public final class InvalidConfig extends Exception {
    public InvalidConfig(String message) {
        super(message);
    }

    InvalidConfig(String message, Throwable cause) {
        super(message, cause);
    }
}
