// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.keys;

/** What became of an API key. */
public sealed interface KeyCheck {
    record Accepted(ApiKey key) implements KeyCheck {}

    /** Not a key of ours, or revoked, or expired; the caller is not told which. */
    record Refused() implements KeyCheck {}

    /** The database does not answer, so nobody can tell. */
    record Unavailable() implements KeyCheck {}
}
