// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TokensTest {
    private static final byte[] EVENT =
            "data: {\"content\":\"@0000000000000001000;\"}\n\n".getBytes(StandardCharsets.US_ASCII);

    private final Seen seen = new Seen();
    private final Tokens tokens = new Tokens(seen);

    @Test
    void findsAMomentThatCameInParts() {
        for (int cut = 0; cut <= EVENT.length; cut++) {
            tokens.begin(500);
            assertThat(tokens.haveCome()).isFalse();
            tokens.come(EVENT, 0, cut, 1400);
            tokens.come(EVENT, cut, EVENT.length, 1500);
            assertThat(tokens.haveCome()).isTrue();
        }

        assertThat(seen.tokens()).isEqualTo(EVENT.length + 1);
        assertThat(seen.onTheWay().getMinValue()).isEqualTo(400);
        assertThat(seen.onTheWay().getMaxValue()).isEqualTo(500);
        assertThat(seen.firstToken().getMaxValue()).isEqualTo(1000);
        assertThat(seen.between().getTotalCount()).isZero();
    }

    @Test
    void tellsByHowMuchGapsDifferFromThoseOfTheModel() {
        tokens.begin(0);
        come(100, 150);
        come(200, 270); // 120 instead of 100
        come(300, 350); // 80 instead of 100

        assertThat(seen.between().getTotalCount()).isEqualTo(2);
        assertThat(seen.jitter().getMinValue()).isEqualTo(20);
        assertThat(seen.jitter().getMaxValue()).isEqualTo(20);
        assertThat(seen.carried(Duration.ofNanos(100))).isEqualTo(1.0);
        assertThat(seen.carried(Duration.ofNanos(50))).isEqualTo(0.5);
    }

    @Test
    void isNotFooledByWhatLooksLikeOne() {
        var text = "{\"id\":\"@\",\"name\":\"@12\",\"a\":\"b@1;\"}";
        tokens.begin(0);
        tokens.come(text.getBytes(StandardCharsets.US_ASCII), 0, text.length(), 1);

        assertThat(seen.tokens()).isZero();
    }

    @Test
    void aMarkIsFoundHoweverItIsCut() {
        var text = "[[DO[DON[DONE]".getBytes(StandardCharsets.US_ASCII);
        var mark = new Mark("[DONE]");
        for (int cut = 0; cut < text.length; cut++) {
            mark.reset();
            mark.come(text, 0, cut);
            assertThat(mark.isFound()).isFalse();
            mark.come(text, cut, text.length);
            assertThat(mark.isFound()).isTrue();
        }
    }

    private void come(long sent, long came) {
        var event = ("\"@" + sent + ";\"").getBytes(StandardCharsets.US_ASCII);
        tokens.come(event, 0, event.length, came);
    }
}
