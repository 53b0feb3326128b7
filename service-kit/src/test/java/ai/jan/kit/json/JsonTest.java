// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    record Point(int x, int y) {}

    @Test
    void writesAndReadsRecords() throws Exception {
        assertThat(Json.text(new Point(1, 2))).isEqualTo("{\"x\":1,\"y\":2}");
        assertThat(Json.read("{\"x\":1,\"y\":2,\"z\":3}".getBytes(UTF_8), Point.class))
                .isEqualTo(new Point(1, 2));
        assertThat(Json.read(Json.parse("{\"x\":1}"), Point.class)).isEqualTo(new Point(1, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{} {}", "nul", "{'a':1}", "{\"a\":\"\u0001\"}", "[1,]", "NaN"})
    void refusesWhatIsNotOneJsonValue(String text) {
        assertThatThrownBy(() -> Json.parse(text)).isInstanceOf(JsonProcessingException.class);
        assertThatThrownBy(() -> Json.parse(text.getBytes(UTF_8)))
                .isInstanceOf(JsonProcessingException.class);
    }

    /** Whoever reads the same bytes after us must see the same text. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "feff007b007d", // UTF-16 with its mark
                "7b007d00", // UTF-16 without
                "0000007b0000007d", // UTF-32
                "efbbbf7b7d", // UTF-8 with a byte order mark
                "2261c0af22", // a slash in two bytes
                "22eda08022", // half a surrogate pair
                "22ff22",
                "22c3"
            })
    void refusesBytesThatAreNotPlainUtf8(String hex) {
        assertThatThrownBy(() -> Json.parse(HexFormat.of().parseHex(hex)))
                .isInstanceOf(JsonProcessingException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":1,\"a\":1}", "[{\"b\":{\"a\":1,\"\\u0061\":2}}]"})
    void refusesAMemberThatAppearsTwiceIfAsked(String text) throws Exception {
        assertThat(Json.parse(text.getBytes(UTF_8)).isContainerNode()).isTrue();
        assertThatThrownBy(() -> Json.parseUnambiguous(text.getBytes(UTF_8)))
                .isInstanceOf(JsonProcessingException.class);
    }

    @Test
    void nothingIsNoValue() throws Exception {
        assertThat(Json.parse(new byte[0]).isMissingNode()).isTrue();
        assertThat(Json.parseUnambiguous(new byte[0]).isMissingNode()).isTrue();
    }

    @Test
    void nestingIsBounded() {
        assertThatThrownBy(() -> Json.parse("[".repeat(101) + "]".repeat(101)))
                .isInstanceOf(JsonProcessingException.class);
    }

    @Test
    void halfASurrogatePairCanBeWritten() throws Exception {
        assertThat(new String(Json.bytes(Json.parse("\"a\\ud800b\"")), UTF_8)).isEqualTo("\"a?b\"");
        assertThat(new String(Json.bytes(Json.parse("\"\\ud83d\\ude00\"")), UTF_8))
                .isEqualTo("\"😀\"");
    }
}
