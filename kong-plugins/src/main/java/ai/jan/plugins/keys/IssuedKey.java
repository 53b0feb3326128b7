// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.keys;

/**
 * A key that was just made.
 *
 * @param text the key itself, which cannot be had a second time
 */
public record IssuedKey(String text, KeyEntry entry) {
    @Override
    public String toString() {
        return "IssuedKey[***, " + entry.id() + ']';
    }
}
