// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk;

/** What came of asking for a request's body. */
public sealed interface RawBody {
    /** The body, which may be empty. */
    record Content(Bytes bytes) implements RawBody {}

    /** A body longer than was allowed for. */
    record TooLarge(long size) implements RawBody {}

    /**
     * A body that could not be had: the client did not send all of it, or Kong keeps it in a file
     * that this process cannot read.
     *
     * @param reason for the log
     */
    record Unreadable(String reason) implements RawBody {}
}
