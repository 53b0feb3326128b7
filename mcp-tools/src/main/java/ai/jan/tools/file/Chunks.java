// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.file;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Cuts a document into pieces that an embedding model reads whole. */
final class Chunks {
    private static final int WORDS = 120;
    private static final int OVERLAP = 20;
    private static final int LONGEST = 2_000;
    private static final Pattern WORD = Pattern.compile("\\S+");

    private Chunks() {}

    /**
     * Pieces of about 120 words, each with the last 20 of the one before, so that a sentence at a
     * seam is whole in one of them; a piece without spaces is cut at 2,000 characters.
     */
    static List<String> of(String text) {
        var words = WORD.matcher(text).results().toList();
        var chunks = new ArrayList<String>();
        for (int from = 0; from < words.size(); from += WORDS - OVERLAP) {
            int to = Math.min(from + WORDS, words.size());
            cut(text.substring(words.get(from).start(), words.get(to - 1).end()), chunks);
            if (to == words.size()) {
                break;
            }
        }
        return chunks;
    }

    /** How many words a text has. */
    static int words(String text) {
        return (int) WORD.matcher(text).results().count();
    }

    private static void cut(String piece, List<String> chunks) {
        int from = 0;
        while (piece.length() - from > LONGEST) {
            int to = from + LONGEST;
            to -= Character.isHighSurrogate(piece.charAt(to - 1)) ? 1 : 0;
            chunks.add(piece.substring(from, to));
            from = to;
        }
        chunks.add(piece.substring(from));
    }
}
