// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChunksTest {
    @Test
    void everyWordIsInAPieceAndSeamsAreInTwo() {
        var text = IntStream.range(0, 250).mapToObj(i -> "w" + i).collect(Collectors.joining(" "));

        var chunks = Chunks.of(text);

        assertThat(chunks).hasSize(3);
        assertThat(chunks.get(0)).startsWith("w0 ").endsWith(" w119");
        assertThat(chunks.get(1)).startsWith("w100 ").endsWith(" w219");
        assertThat(chunks.get(2)).startsWith("w200 ").endsWith(" w249");
        assertThat(Chunks.words(text)).isEqualTo(250);
    }

    @Test
    void textWithoutSpacesIsCutWithoutBreakingACharacter() {
        var chunks = Chunks.of("x" + "😀".repeat(1_500));

        assertThat(chunks).hasSize(2).allMatch(chunk -> chunk.length() <= 2_000);
        assertThat(String.join("", chunks)).isEqualTo("x" + "😀".repeat(1_500));
        assertThat(chunks.get(1)).startsWith("😀");
    }

    @Test
    void aShortTextIsOnePiece() {
        assertThat(Chunks.of(" one  two ")).containsExactly("one  two");
        assertThat(Chunks.of("   ")).isEmpty();
    }
}
