// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.config;

/** A value that is never printed by accident: its text is only to be had by asking for it. */
public record Secret(String reveal) {
    @Override
    public String toString() {
        return "***";
    }
}
