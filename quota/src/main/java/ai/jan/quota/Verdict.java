// SPDX-License-Identifier: Apache-2.0
package ai.jan.quota;

import java.util.List;

/** What the ledger says to a reservation. */
public sealed interface Verdict {
    /** It is reserved; the states are those after it. */
    record Reserved(List<LimitState> states) implements Verdict {}

    /** One limit at least has no room for it; nothing was taken from any. */
    record Refused(List<LimitState> states) implements Verdict {}

    /** The reservation was closed before: its request has been answered, or was given up. */
    record Over() implements Verdict {}

    /** The database cannot tell now. */
    record Unavailable(RuntimeException cause) implements Verdict {}
}
