// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.chat;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kit.json.Json;
import org.junit.jupiter.api.Test;

class TranscriptTest {
    private final Transcript transcript = new Transcript();

    @Test
    void isEmptyUntilSomethingIsSaid() throws Exception {
        add("{\"role\":\"assistant\",\"content\":\"\"}");
        assertThat(transcript.message()).isEmpty();
    }

    @Test
    void joinsTheTextOfTheFirstChoice() throws Exception {
        add("{\"content\":\"a\"}");
        transcript.add(
                Json.parse("{\"choices\":[{\"index\":1,\"delta\":{\"content\":\"other\"}}]}"));
        transcript.add(Json.parse("{\"choices\":[],\"usage\":{}}"));
        add("{\"content\":null}");
        add("{\"content\":\"b\"}");
        assertThat(message()).isEqualTo("{\"role\":\"assistant\",\"content\":\"ab\"}");
    }

    @Test
    void joinsToolCallsByTheirIndex() throws Exception {
        add(
                "{\"tool_calls\":[{\"index\":1,\"id\":\"c2\",\"function\":{\"name\":\"g\",\"arguments\":\"{\"}}]}");
        add(
                "{\"tool_calls\":[{\"index\":0,\"id\":\"c1\",\"function\":{\"name\":\"f\"}},"
                        + "{\"index\":1,\"function\":{\"arguments\":\"}\"}}]}");
        assertThat(message())
                .isEqualTo(
                        "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":["
                                + "{\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}},"
                                + "{\"id\":\"c2\",\"type\":\"function\",\"function\":{\"name\":\"g\",\"arguments\":\"{}\"}}]}");
    }

    @Test
    void keepsARefusal() throws Exception {
        add("{\"refusal\":\"no\"}");
        assertThat(message())
                .isEqualTo("{\"role\":\"assistant\",\"content\":null,\"refusal\":\"no\"}");
    }

    @Test
    void isBounded() throws Exception {
        var piece = "{\"content\":\"" + "x".repeat(1024 * 1024) + "\"}";
        for (int i = 0; i < 17; i++) {
            add(piece);
        }
        assertThat(transcript.isCutShort()).isTrue();
    }

    private void add(String delta) throws Exception {
        transcript.add(Json.parse("{\"choices\":[{\"index\":0,\"delta\":" + delta + "}]}"));
    }

    private String message() {
        return transcript.message().orElseThrow().toString();
    }
}
