// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.config;

/** How much one name is like another, to tell what was probably meant. */
public final class Spelling {
    private Spelling() {}

    /** How many characters must be added, taken out or replaced to get from one to the other. */
    public static int distance(String a, String b) {
        var row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(Math.min(row[j] + 1, row[j - 1] + 1), diagonal + change);
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
