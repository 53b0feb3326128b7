// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.tool;

import java.util.List;
import java.util.stream.Stream;

/** Settings that are lists: {@code a, b, c}. */
public final class Words {
    private Words() {}

    /** What stands between the commas; nothing twice. */
    public static List<String> of(String list) {
        return Stream.of(list.split(",", -1))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .distinct()
                .toList();
    }
}
