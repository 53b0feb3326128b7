// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.jan.kong.pdk.Bytes;
import ai.jan.plugins.json.JsonFault.Reason;
import ai.jan.plugins.json.JsonValue.Kind;
import java.math.BigDecimal;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "\"\"",
                "0",
                "-0",
                "-0.0e-0",
                "1E+9",
                "true",
                "null",
                " \t\r\n[ 1 , 2 ] \n",
                "{\"a\":{\"a\":[{\"a\":1},{\"a\":2}]}}",
                "\"\\ud83d\\ude00 \\u0000 \\\\ \\\" \\/ \\b\\f\\n\\r\\t\"",
                "{\"é\":\"日本語 😀\"}",
                "{\"\":1}"
            })
    void takesWhatIsJson(String text) throws Exception {
        assertThat(JsonText.of(Bytes.utf8(text)).hasSurplus()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "}",
                "[",
                "[1,]",
                "[,1]",
                "{,}",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{a:1}",
                "{'a':1}",
                "nul",
                "True",
                "NaN",
                "-Infinity",
                "+1",
                ".5",
                "1.",
                "1e",
                "-",
                "1e+",
                "\"",
                "\"\\",
                "\"\\x\"",
                "\"\\u12g4\"",
                "\"\\u12\"",
                "\"a\nb\"",
                "\"\u0000\"",
                "// comment\n{}",
                "\ufeff{}",
                "[1 2]",
                "\"\\uFF11\uff11\uff11\uff11",
                "{\"a\" 1}"
            })
    void refusesWhatIsNot(String text) {
        assertThat(reason(Bytes.utf8(text))).isEqualTo(Reason.SYNTAX);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "80",
                "c3",
                "c328",
                "c0af",
                "e08080",
                "eda080",
                "f08080af",
                "f4908080",
                "ff",
                "e282",
                "f09f98",
                "c1bf",
                "f5808080"
            })
    void refusesWhatIsNotUtf8(String hex) {
        var bytes = HexFormat.of().parseHex("22" + hex + "22");
        assertThat(reason(Bytes.of(bytes))).isEqualTo(Reason.NOT_UTF8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\ud800", "\\udc00", "\\ud800x", "\\ud800\\n", "\\ud800\\ud800"})
    void refusesHalfASurrogatePair(String escapes) {
        assertThat(reason(Bytes.utf8('"' + escapes + '"'))).isEqualTo(Reason.LONE_SURROGATE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1,\"a\":1}",
                "{\"a\":1,\"\\u0061\":1}",
                "{\"\\u0061\":1,\"a\":1}",
                "[{\"x\":{\"é\":1,\"b\":2,\"\\u00e9\":3}}]",
                "{\"\":1,\"\":2}"
            })
    void refusesAMemberThatIsThereTwice(String text) {
        assertThat(reason(Bytes.utf8(text))).isEqualTo(Reason.DUPLICATE_NAME);
    }

    @Test
    void refusesItAmongManyOthersToo() throws Exception {
        var members = new StringBuilder("{");
        for (int i = 0; i < 10_000; i++) {
            members.append("\"member").append(i).append("\":").append(i).append(',');
        }
        assertThat(JsonText.of(Bytes.utf8(members + "\"last\":1}")).root().object())
                .hasSize(10_001);
        assertThat(reason(Bytes.utf8(members + "\"member7\":1}"))).isEqualTo(Reason.DUPLICATE_NAME);
    }

    @ParameterizedTest
    @CsvSource({"100, true", "101, false"})
    void isNoDeeperThanItsReadersTake(int depth, boolean taken) {
        for (var pair : new String[] {"[]", "{}"}) {
            var open = pair.startsWith("[") ? "[" : "{\"a\":";
            var inner = open.repeat(depth - 1) + pair;
            var text = inner + pair.substring(1).repeat(depth - 1);
            assertThat(reason(Bytes.utf8(text))).isEqualTo(taken ? null : Reason.TOO_DEEP);
        }
    }

    @Test
    void hasNoNumbersOrNamesThatReadersRefuse() {
        assertThat(reason(Bytes.utf8("1".repeat(1000)))).isNull();
        assertThat(reason(Bytes.utf8("1".repeat(1001)))).isEqualTo(Reason.TOO_LONG);
        assertThat(reason(Bytes.utf8("{\"" + "n".repeat(10_001) + "\":1}")))
                .isEqualTo(Reason.TOO_LONG);
    }

    @Test
    void seesTextAfterTheValue() throws Exception {
        assertThat(JsonText.of(Bytes.utf8("{} {}")).hasSurplus()).isTrue();
        assertThat(JsonText.of(Bytes.of("{}\u00ff".getBytes(ISO_8859_1))).hasSurplus()).isTrue();
        assertThat(JsonText.of(Bytes.utf8("{} \n")).hasSurplus()).isFalse();
    }

    @Test
    void readsValues() throws Exception {
        var root =
                JsonText.of(
                                Bytes.utf8(
                                        """
                                        {"s" : "a\\u00e9\\ud83d\\ude00\\n\\/\\"b", "i":12,"d":1.5e3,
                                         "t":true,"f":false ,"n":null,"a":[ 1, [2,"]"],{"x":"}"} ],
                                         "\\u006b":"v"}\
                                        """))
                        .root()
                        .object();
        assertThat(root.string("s")).contains("aé😀\n/\"b");
        assertThat(root.get("i").orElseThrow().kind()).isEqualTo(Kind.INTEGER);
        assertThat(root.get("d").orElseThrow().number()).isEqualByComparingTo(new BigDecimal(1500));
        assertThat(root.get("d").orElseThrow().kind()).isEqualTo(Kind.DECIMAL);
        assertThat(root.get("t").orElseThrow().isTrue()).isTrue();
        assertThat(root.get("f").orElseThrow().isTrue()).isFalse();
        assertThat(root.get("n")).isPresent();
        assertThat(root.present("n")).isEmpty();
        assertThat(root.get("a").orElseThrow().elements())
                .extracting(JsonValue::kind)
                .containsExactly(Kind.INTEGER, Kind.ARRAY, Kind.OBJECT);
        assertThat(root.string("k")).contains("v");
        assertThat(root.string("i")).isEmpty();
        assertThat(root.get("missing")).isEmpty();
    }

    @Test
    void findsItsWayAroundLongStrings() throws Exception {
        var image = "data:image/png;base64," + "A".repeat(100_000) + "\\\\\\\"" + "é".repeat(1000);
        var text = "{\"a\":[\"" + image + "\",\"" + image + "\"],\"b\":\"short\",\"c\":3}";
        var root = JsonText.of(Bytes.utf8(text)).root().object();
        assertThat(root.string("b")).contains("short");
        assertThat(root.get("a").orElseThrow().elements())
                .extracting(JsonValue::length)
                .containsOnly(image.getBytes(java.nio.charset.StandardCharsets.UTF_8).length + 2);
    }

    @Test
    void findsItsWayAroundLongObjectsAndArrays() throws Exception {
        for (int size : new int[] {1, 100, 120, 130, 1000}) {
            var part = "{\"x\":[" + "123,".repeat(size) + "{\"y\":\"]}\"}]}";
            var text = "{\"a\":" + part + ",\"b\":[" + part + "," + part + "],\"c\":3}";
            var root = JsonText.of(Bytes.utf8(text)).root().object();
            assertThat(root).extracting(JsonMember::name).containsExactly("a", "b", "c");
            assertThat(root.get("b").orElseThrow().elements())
                    .extracting(JsonValue::length)
                    .containsExactly(part.length(), part.length());
            assertThat(root.get("a").orElseThrow().object().get("x").orElseThrow().elements())
                    .hasSize(size + 1);
        }
    }

    @Test
    void findsTheEndOfStringsOfAnyLength() throws Exception {
        for (int length = 0; length < 80; length++) {
            for (var special : new String[] {"\\\"", "é", "\\u0001", "~"}) {
                var text = "a".repeat(length) + special + "b".repeat(length);
                var root = JsonText.of(Bytes.utf8("{\"s\":\"" + text + "\",\"n\":1}")).root();
                assertThat(root.object()).hasSize(2);
                assertThat(reason(Bytes.utf8("[\"" + text + "\u001f\"]"))).isEqualTo(Reason.SYNTAX);
            }
        }
    }

    private static Reason reason(Bytes bytes) {
        var fault = catchThrowableOfType(JsonFault.class, () -> JsonText.of(bytes));
        return fault == null ? null : fault.reason();
    }
}
