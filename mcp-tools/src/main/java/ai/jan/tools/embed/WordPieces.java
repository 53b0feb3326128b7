// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.embed;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * BERT's uncased tokenizer: lower case without accents, split at spaces and punctuation, each word
 * into the longest pieces of the vocabulary. Immutable.
 */
final class WordPieces {
    private static final int MAX_WORD = 100;

    private final Map<String, Integer> vocabulary;
    private final long start;
    private final long end;
    private final int unknown;

    WordPieces(Map<String, Integer> vocabulary) {
        this.vocabulary = Map.copyOf(vocabulary);
        this.start = id("[CLS]");
        this.end = id("[SEP]");
        this.unknown = id("[UNK]");
    }

    /**
     * The ids of a text's pieces between the two that stand for its start and end.
     *
     * @param most ids at most; what does not fit is left out
     */
    long[] ids(String text, int most) {
        var ids = new ArrayList<Long>();
        ids.add(start);
        for (var word : words(text)) {
            if (ids.size() >= most - 1) {
                break;
            }
            pieces(word).forEach(piece -> ids.add((long) piece));
        }
        while (ids.size() > most - 1) {
            ids.removeLast();
        }
        ids.add(end);
        return ids.stream().mapToLong(Long::longValue).toArray();
    }

    static List<String> words(String text) {
        var words = new ArrayList<String>();
        var word = new StringBuilder();
        var plain = Normalizer.normalize(text.toLowerCase(Locale.ROOT), Normalizer.Form.NFD);
        plain.codePoints()
                .forEach(c -> {
                    if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
                        flush(word, words);
                    } else if (isLeftOut(c)) {
                        return;
                    } else if (isPunctuation(c) || Character.isIdeographic(c)) {
                        flush(word, words);
                        words.add(Character.toString(c));
                    } else {
                        word.appendCodePoint(c);
                    }
                });
        flush(word, words);
        return words;
    }

    private static void flush(StringBuilder word, List<String> words) {
        if (!word.isEmpty()) {
            words.add(word.toString());
            word.setLength(0);
        }
    }

    /** Accents, control characters, and what stands for nothing. */
    private static boolean isLeftOut(int c) {
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK,
                    Character.CONTROL,
                    Character.FORMAT,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE,
                    Character.SURROGATE ->
                    true;
            default -> c == 0xFFFD;
        };
    }

    /**
     * As BERT counts it: every ASCII sign that is no letter or digit, and Unicode's punctuation.
     */
    private static boolean isPunctuation(int c) {
        if (c < 128) {
            return !Character.isLetterOrDigit(c);
        }
        return switch (Character.getType(c)) {
            case Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION ->
                    true;
            default -> false;
        };
    }

    private List<Integer> pieces(String word) {
        var pieces = new ArrayList<Integer>();
        if (word.length() > MAX_WORD) {
            return List.of(unknown);
        }
        for (int from = 0; from < word.length(); ) {
            int to = word.length();
            Integer found = null;
            while (to > from && found == null) {
                found = vocabulary.get((from > 0 ? "##" : "") + word.substring(from, to));
                to -= found == null ? 1 : 0;
            }
            if (found == null) {
                return List.of(unknown);
            }
            pieces.add(found);
            from = to;
        }
        return pieces;
    }

    private int id(String piece) {
        var id = vocabulary.get(piece);
        if (id == null) {
            throw new IllegalArgumentException("the vocabulary has no " + piece);
        }
        return id;
    }
}
