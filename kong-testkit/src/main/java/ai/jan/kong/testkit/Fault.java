// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit;

import java.time.Duration;

/**
 * Something that goes wrong on Kong's side in one event, to see what a plugin server makes of it.
 * Answers are counted from 1.
 */
public sealed interface Fault {
    /** All frames arrive in pieces of that many bytes. */
    record Pieces(int bytes) implements Fault {
        public Pieces {
            if (bytes < 1) {
                throw new IllegalArgumentException("a piece has a byte");
            }
        }
    }

    /** Kong takes that long for each answer. */
    record Slow(Duration beforeEachAnswer) implements Fault {}

    /** In place of an answer Kong raises an error and gives the event up, as for a bad argument. */
    record LuaErrorAt(int answer) implements Fault {}

    /** In place of an answer the connection is closed, as when a worker is killed. */
    record CloseAt(int answer) implements Fault {}

    /** In the middle of an answer the connection is closed. */
    record HalfAnswerAt(int answer) implements Fault {}
}
