// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonEditTest {
    @Test
    void leavesWhatIsNotChangedAsItWasWritten() {
        var json =
                " { \"b\" : 1.50 ,\n\"a\":1e400, \"z\":\"\\u00e9\\n\", \"o\": {\"x\" : [1, {}]},\"n\":null , \"t\":true } ";
        assertThat(new JsonEdit(json).set("q", "0").apply())
                .isEqualTo(
                        "{\"q\":0,\"b\" : 1.50,\"a\":1e400,\"z\":\"\\u00e9\\n\",\"o\": {\"x\" : [1, {}]},\"n\":null,\"t\":true}");
    }

    @Test
    void replacesRemovesAndAdds() {
        assertThat(
                        new JsonEdit("{\"a\": 1, \"b\":[2], \"c\":\"3\"}")
                                .set("a", "\"x\"")
                                .remove("b")
                                .remove("unknown")
                                .set("d", "{}")
                                .apply())
                .isEqualTo("{\"d\":{},\"a\": \"x\",\"c\":\"3\"}");
    }

    @Test
    void emptiesAndFillsAnObject() {
        assertThat(new JsonEdit("{\"a\":1}").remove("a").apply()).isEqualTo("{}");
        assertThat(new JsonEdit("{}").set("a", "1").apply()).isEqualTo("{\"a\":1}");
    }

    @Test
    void changesEveryOccurrenceOfAName() {
        assertThat(new JsonEdit("{\"a\":1,\"a\":2}").set("a", "3").apply())
                .isEqualTo("{\"a\":3,\"a\":3}");
    }

    @Test
    void findsItsWayThroughLongTexts() {
        var text = "ä\\\"😀".repeat(20_000);
        var json = "{\"long\":\"" + text + "\",\"a\":1,\"end\":\"" + text + "\"}";
        assertThat(new JsonEdit(json).set("a", "2").apply())
                .isEqualTo(json.replace("\"a\":1", "\"a\":2"));
    }

    @Test
    void leavesATextAloneInWhichThereIsNothingToChange() {
        var text = "{ \"a\" : 1e2 ,\n \"b\": null }";
        assertThat(new JsonEdit(text).remove("c").removeNull("a").apply()).isEqualTo(text);
    }

    @Test
    void takesOutWhatIsNull() {
        assertThat(new JsonEdit("{\"a\":null,\"b\":1}").removeNull("a").removeNull("b").apply())
                .isEqualTo("{\"b\":1}");
    }
}
