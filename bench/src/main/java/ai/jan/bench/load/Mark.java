// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.load;

import java.nio.charset.StandardCharsets;

/** Looks for a text in bytes that come in parts, each of which is looked at once. */
final class Mark {
    private final byte[] wanted;
    private final int[]
            fallback; // Knuth, Morris, Pratt: how much still fits when the next does not
    private int fits;
    private boolean found;

    Mark(String text) {
        wanted = text.getBytes(StandardCharsets.US_ASCII);
        fallback = new int[wanted.length];
        for (int i = 1, length = 0; i < wanted.length; i++) {
            while (length > 0 && wanted[i] != wanted[length]) {
                length = fallback[length - 1];
            }
            if (wanted[i] == wanted[length]) {
                length++;
            }
            fallback[i] = length;
        }
    }

    /** Begins anew. */
    void reset() {
        fits = 0;
        found = false;
    }

    boolean isFound() {
        return found;
    }

    void come(byte[] bytes, int from, int to) {
        for (int i = from; i < to && !found; i++) {
            while (fits > 0 && bytes[i] != wanted[fits]) {
                fits = fallback[fits - 1];
            }
            if (bytes[i] == wanted[fits]) {
                fits++;
            }
            found = fits == wanted.length;
        }
    }
}
