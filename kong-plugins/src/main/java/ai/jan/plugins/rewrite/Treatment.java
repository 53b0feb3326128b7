// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.rewrite;

/** What becomes of a parameter. */
public enum Treatment {
    /** The request gets 400. */
    REFUSE,
    /** It is taken out of the request. */
    STRIP,
    /** It reaches the service. */
    ALLOW
}
