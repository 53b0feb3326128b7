// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.request;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kit.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestSummaryTest {
    @Test
    void isReadAsItWasWritten() {
        var chat =
                new RequestSummary(
                        RequestSummary.Kind.CHAT, "fast", "smollm2", true, 12, 1, 4096L, true);
        assertThat(RequestSummary.parse(chat.toJson())).contains(chat);
        var unlimited =
                new RequestSummary(
                        RequestSummary.Kind.RESPONSES, "m", "m", false, 1, 0, null, false);
        assertThat(RequestSummary.parse(unlimited.toJson())).contains(unlimited);
    }

    @Test
    void isPlainJson() throws Exception {
        assertThat(Json.parse(RequestSummary.toolCall().toJson()))
                .isEqualTo(
                        Json.parse(
                                """
                                {"kind":"tool_call","model_asked":null,"model_sent":null,
                                 "stream":false,"prompt_tokens":0,"images":0,
                                 "output_tokens":0,"stored_state":false}
                                """));
        assertThat(RequestSummary.parse("{\"kind\":\"other\",\"output_tokens\":0}"))
                .contains(RequestSummary.other());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "{}", "[]", "{\"kind\":\"chess\"}", "{\"kind\":\"chat\""})
    void isNothingIfItIsSomethingElse(String text) {
        assertThat(RequestSummary.parse(text)).isEmpty();
    }
}
