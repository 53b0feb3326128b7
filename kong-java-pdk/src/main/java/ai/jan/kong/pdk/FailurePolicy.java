// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk;

/** What becomes of a request when a plugin throws or takes too long. */
public enum FailurePolicy {
    /** The request is answered with an error: right for whoever decides about access. */
    FAIL_CLOSED,
    /**
     * The request goes on as if the plugin were not there, with a line in Kong's log: for what a
     * request can do without. A configuration that does not fit the plugin is an error all the
     * same.
     */
    FAIL_OPEN
}
