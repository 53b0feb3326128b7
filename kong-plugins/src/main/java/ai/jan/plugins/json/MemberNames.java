// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.json;

import ai.jan.kong.pdk.Bytes;
import ai.jan.plugins.json.JsonFault.Reason;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names of one object, each once. A few are compared one by one, without reading them; many, or
 * names with escapes, are read and kept in a set, so that no object costs more than its length.
 */
final class MemberNames {
    private static final int FEW = 16;

    private final Bytes json;
    private final int[] starts = new int[FEW];
    private final int[] ends = new int[FEW];
    private final int[] hashes = new int[FEW];
    private int size;
    private @Nullable Set<String> many;

    MemberNames(Bytes json) {
        this.json = json;
    }

    /** Begins another object. */
    void clear() {
        size = 0;
        many = null;
    }

    /**
     * @param start of the name's first character
     * @param end behind its last
     * @throws JsonFault if the object has it already
     */
    void add(int start, int end) throws JsonFault {
        int hash = 0;
        boolean escaped = false;
        for (int i = start; i < end; i++) {
            byte b = json.byteAt(i);
            escaped |= b == '\\';
            hash = 31 * hash + b;
        }
        if (many == null && (escaped || size == FEW)) {
            many = new HashSet<>();
            for (int i = 0; i < size; i++) {
                many.add(Strings.decoded(json, starts[i], ends[i]));
            }
        }
        boolean isNew =
                many == null
                        ? addedToFew(start, end, hash)
                        : many.add(Strings.decoded(json, start, end));
        if (!isNew) {
            throw new JsonFault(Reason.DUPLICATE_NAME, start);
        }
    }

    private boolean addedToFew(int start, int end, int hash) {
        for (int i = 0; i < size; i++) {
            if (hashes[i] == hash && isSame(starts[i], ends[i], start, end)) {
                return false;
            }
        }
        starts[size] = start;
        ends[size] = end;
        hashes[size] = hash;
        size++;
        return true;
    }

    private boolean isSame(int start, int end, int otherStart, int otherEnd) {
        if (end - start != otherEnd - otherStart) {
            return false;
        }
        for (int i = start, j = otherStart; i < end; i++, j++) {
            if (json.byteAt(i) != json.byteAt(j)) {
                return false;
            }
        }
        return true;
    }
}
