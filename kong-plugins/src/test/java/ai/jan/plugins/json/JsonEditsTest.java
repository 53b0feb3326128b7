// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.jan.kong.pdk.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonEditsTest {
    @Test
    void whatIsNotChangedKeepsItsBytes() throws Exception {
        assertThat(
                        edited(
                                " {\"b\" : 1.50e+02,\n\t\"model\": \"x\" , \"z\":\"\\u00e9\\/\"} \n",
                                (root, edits) -> edits.set(root, "model", "a\"b\u0001")))
                .isEqualTo(
                        " {\"b\" : 1.50e+02,\n\t\"model\": \"a\\\"b\\u0001\" , \"z\":\"\\u00e9\\/\"} \n");
    }

    @Test
    void nothingToChangeIsNoChange() throws Exception {
        var text = JsonText.of(Bytes.utf8("{}"));
        assertThat(new JsonEdits(text).apply()).isEmpty();
    }

    @Test
    void surplusTextIsLeftOut() throws Exception {
        assertThat(edited(" {\"a\":1} {\"b\":2}", (_, _) -> {})).isEqualTo(" {\"a\":1}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a     | { \"b\": 2 , \"c\":3}",
                "b     | { \"a\":1, \"c\":3}",
                "c     | { \"a\":1, \"b\": 2}",
                "a b   | { \"c\":3}",
                "b c   | { \"a\":1}",
                "a c   | { \"b\": 2}",
                "a b c | { }"
            })
    void removesMembersWithTheirCommas(String names, String expected) throws Exception {
        assertThat(
                        edited(
                                "{ \"a\":1, \"b\": 2 , \"c\":3}",
                                (root, edits) -> {
                                    for (var name : names.split(" ")) {
                                        edits.remove(root, name);
                                    }
                                }))
                .isEqualTo(expected);
    }

    @Test
    void addsMembersBeforeTheOthers() throws Exception {
        assertThat(
                        edited(
                                "{ \"a\":1}",
                                (root, edits) -> {
                                    edits.set(root, "b", 2);
                                    edits.set(root, "c", "x");
                                }))
                .isEqualTo("{\"b\":2,\"c\":\"x\", \"a\":1}");
        assertThat(edited("{ }", (root, edits) -> edits.set(root, "b", 2))).isEqualTo("{\"b\":2 }");
        assertThat(
                        edited(
                                "{\"a\":1}",
                                (root, edits) -> {
                                    edits.set(root, "b", 2);
                                    edits.remove(root, "a");
                                }))
                .isEqualTo("{\"b\":2}");
    }

    @Test
    void putsTextsAndElementsBeforeOthers() throws Exception {
        assertThat(
                        edited(
                                "{\"s\":\"b\",\"e\":[],\"f\":[ 1]}",
                                (root, edits) -> {
                                    edits.prepend(root.get("s").orElseThrow(), "a\n");
                                    edits.prependElement(
                                            root.get("e").orElseThrow(), Map.of("x", 1));
                                    edits.prependElement(root.get("f").orElseThrow(), 0);
                                }))
                .isEqualTo("{\"s\":\"a\\nb\",\"e\":[{\"x\":1}],\"f\":[0, 1]}");
    }

    @Test
    void nestedObjectsCanBeChangedToo() throws Exception {
        assertThat(
                        edited(
                                "{\"o\":{\"x\":1,\"y\":2},\"p\":0}",
                                (root, edits) -> {
                                    var nested = root.get("o").orElseThrow().object();
                                    edits.remove(nested, "x");
                                    edits.set(root, "p", 1);
                                }))
                .isEqualTo("{\"o\":{\"y\":2},\"p\":1}");
    }

    @Test
    void twoChangesOfOnePlaceAreAMistake() throws Exception {
        assertThatThrownBy(() ->
                        edited(
                                "{\"a\":1}",
                                (root, edits) -> {
                                    edits.set(root, "a", 2);
                                    edits.set(root, "a", 3);
                                }))
                .isInstanceOf(IllegalStateException.class);
    }

    private static String edited(String json, BiConsumer<JsonObject, JsonEdits> change)
            throws JsonFault {
        var text = JsonText.of(Bytes.utf8(json));
        var edits = new JsonEdits(text);
        change.accept(text.root().object(), edits);
        return new String(edits.apply().orElseThrow(), StandardCharsets.UTF_8);
    }
}
