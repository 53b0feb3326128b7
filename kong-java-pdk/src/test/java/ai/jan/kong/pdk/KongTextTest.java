// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class KongTextTest {
    @Test
    void utf8IsReadAsSuch() {
        var text = "caf\u00e9 \ud83d\ude00";

        assertThat(KongText.decode(text.getBytes(UTF_8))).isEqualTo(text);
        assertThat(KongText.encode(text)).isEqualTo(text.getBytes(UTF_8));
        assertThat(KongText.isWellFormed(text)).isTrue();
    }

    @Test
    void latin1GoesBackAsTheSameBytesAndIsReadable() {
        var bytes = "caf\u00e9".getBytes(ISO_8859_1);
        var text = KongText.decode(bytes);

        assertThat(KongText.encode(text)).isEqualTo(bytes);
        assertThat(KongText.encode("x=" + text + "&\u00e9"))
                .isEqualTo(Bytes.ofText("x=caf\udce9&\u00e9").toArray());
        assertThat(KongText.isWellFormed(text)).isFalse();
        assertThat(KongText.readable(text)).isEqualTo("caf\u00e9");
    }

    @Test
    void anyBytesGoBackAsTheyCame() {
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            var bytes = new byte[random.nextInt(12)];
            random.nextBytes(bytes);

            assertThat(KongText.encode(KongText.decode(bytes))).isEqualTo(bytes);
        }
    }

    @Test
    void aSurrogateThatIsNoByteBecomesAQuestionMark() {
        assertThat(KongText.encode("a\ud800b\udc41")).isEqualTo("a?b?".getBytes(UTF_8));
    }
}
