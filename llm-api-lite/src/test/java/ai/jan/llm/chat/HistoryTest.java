// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.chat;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kit.json.Json;
import ai.jan.llm.conversation.Item;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"role\":\"user\",\"content\":\"hello\"}",
                "{\"role\":\"user\",\"name\":\"bob\",\"content\":\"\"}",
                "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"b\"}]}",
                "{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"u\",\"detail\":\"high\"}}]}",
                "{\"role\":\"user\",\"content\":[{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"d\",\"format\":\"wav\"}}]}",
                "{\"role\":\"user\",\"content\":[{\"type\":\"file\",\"file\":{\"file_id\":\"f\"}}]}",
                "{\"role\":\"assistant\",\"content\":\"hi\"}",
                "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}",
                "{\"role\":\"assistant\",\"content\":\"hi\",\"tool_calls\":[{\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}",
                "{\"role\":\"tool\",\"tool_call_id\":\"c\",\"content\":\"42\"}",
                "{\"role\":\"tool\",\"tool_call_id\":\"c\",\"content\":[{\"type\":\"text\",\"text\":\"42\"}]}",
            })
    void whatWasSaidIsSentAsItWas(String message) throws Exception {
        var said = (ObjectNode) Json.parse(message);
        assertThat(History.messages(ItemsFromMessages.of(said, "completed"))).containsExactly(said);
    }

    @Test
    void anImageGivenByItsAddressAloneIsSentAgain() throws Exception {
        var said =
                (ObjectNode)
                        Json.parse(
                                "{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":\"u\"}]}");
        assertThat(History.messages(ItemsFromMessages.of(said, "completed")))
                .singleElement()
                .extracting(message -> message.at("/content/0/image_url/url").asText())
                .isEqualTo("u");
    }

    @Test
    void leavesOutTheOldestWhatDoesNotFitAndItsToolResults() {
        var messages =
                List.of(
                        message("user", "x".repeat(400)),
                        message("assistant", "call"),
                        message("tool", "result"),
                        message("assistant", "so"),
                        message("user", "next"),
                        message("assistant", "fine"));
        assertThat(History.trimmed(messages, OptionalInt.empty())).hasSize(6);
        assertThat(History.trimmed(messages, OptionalInt.of(90))).isEqualTo(messages.subList(4, 6));
        assertThat(History.trimmed(messages, OptionalInt.of(1))).isEmpty();
    }

    @Test
    void aHistoryWithoutItsBeginningStartsWithAQuestion() throws Exception {
        var items =
                Stream.of(
                                "{\"role\":\"tool\",\"tool_call_id\":\"c\",\"content\":\"42\"}",
                                "{\"role\":\"assistant\",\"content\":\"it is 42\"}",
                                "{\"role\":\"user\",\"content\":\"why?\"}",
                                "{\"role\":\"assistant\",\"content\":\"because\"}")
                        .flatMap(message -> itemsOf(message).stream())
                        .toList();

        assertThat(History.fromAQuestion(items)).isEqualTo(items.subList(2, 4));
    }

    @Test
    void anImageCountsForWhatItCostsAndNotForItsBytes() throws Exception {
        var image =
                (ObjectNode)
                        Json.parse(
                                "{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:"
                                        + "A".repeat(100_000)
                                        + "\"}}]}");
        assertThat(History.trimmed(List.of(image), OptionalInt.of(1000))).hasSize(1);
    }

    private static List<Item> itemsOf(String message) {
        try {
            return ItemsFromMessages.of((ObjectNode) Json.parse(message), "completed");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(message, e);
        }
    }

    private static ObjectNode message(String role, String content) {
        return Json.object().put("role", role).put("content", content);
    }
}
