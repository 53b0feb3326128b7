// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.model;

import java.util.List;

/**
 * Ends a text before the first stop string in it. The end of what has come so far is held back
 * while it may be the beginning of one. For one answer and one thread.
 */
final class StopStrings {
    private final List<String> stops;
    private final StringBuilder held = new StringBuilder();
    private boolean found;

    StopStrings(List<String> stops) {
        this.stops = List.copyOf(stops);
    }

    /** Takes the next piece of text and gives back what may be shown now. */
    String pass(String piece) {
        if (found) {
            return "";
        }
        held.append(piece);
        int end = firstStop();
        if (end >= 0) {
            found = true;
            return take(end);
        }
        return take(held.length() - possibleBeginning());
    }

    /** What was held back, when no more text comes. */
    String rest() {
        return found ? "" : take(held.length());
    }

    boolean isFound() {
        return found;
    }

    private int firstStop() {
        return stops.stream().mapToInt(held::indexOf).filter(at -> at >= 0).min().orElse(-1);
    }

    /** The length of the longest end of the text that a stop string begins with. */
    private int possibleBeginning() {
        int longest = 0;
        for (var stop : stops) {
            for (int length = Math.min(stop.length() - 1, held.length());
                    length > longest;
                    length--) {
                if (stop.startsWith(held.substring(held.length() - length))) {
                    longest = length;
                }
            }
        }
        return longest;
    }

    private String take(int length) {
        var text = held.substring(0, length);
        held.delete(0, length);
        return text;
    }
}
