// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.embed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class WordPiecesTest {
    private final WordPieces pieces =
            new WordPieces(
                    Map.of(
                            "[CLS]",
                            1,
                            "[SEP]",
                            2,
                            "[UNK]",
                            3,
                            "un",
                            4,
                            "##believ",
                            5,
                            "##able",
                            6,
                            "cafe",
                            7,
                            "!",
                            8,
                            "中",
                            9));

    @Test
    void cutsWordsIntoTheLongestPiecesThereAre() {
        assertThat(pieces.ids("Unbelievable", 16)).containsExactly(1, 4, 5, 6, 2);
        assertThat(pieces.ids("CAFÉ!中", 16)).containsExactly(1, 7, 8, 9, 2);
        assertThat(pieces.ids("xyz un", 16)).containsExactly(1, 3, 4, 2);
        assertThat(pieces.ids("x".repeat(101), 16)).containsExactly(1, 3, 2);
        assertThat(pieces.ids("", 16)).containsExactly(1, 2);
    }

    @Test
    void leavesOutWhatDoesNotFit() {
        assertThat(pieces.ids("cafe ".repeat(50), 5)).containsExactly(1, 7, 7, 7, 2);
        assertThat(pieces.ids("cafe unbelievable", 4)).containsExactly(1, 7, 4, 2);
    }

    @Test
    void splitsAtSpacesAndSigns() {
        assertThat(WordPieces.words(" a\tb\u00a0c,d\u0000e\u200b "))
                .containsExactly("a", "b", "c", ",", "de");
    }
}
