// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.calls;

import ai.jan.kong.pdk.Kong;

/** Lets a test call any method with any argument, past the interfaces that authors see. */
public final class RawCalls {
    private RawCalls() {}

    /** What carries the calls of an event. */
    public static Calls of(Kong kong) {
        return ((NodeCalls) kong.node()).calls();
    }
}
