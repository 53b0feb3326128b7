// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.content;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kit.json.Json;
import ai.jan.kit.telemetry.ContentBudget;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessagesTest {
    @Test
    void namesWhatIsNotTextWithoutSayingWhatItIs() throws Exception {
        var told =
                Messages.input(
                        Json.parse(
                                """
                                [{"role": "user", "content": [
                                  {"type": "input_audio", "input_audio": {"data": "AAAA"}},
                                  {"type": "file", "file": {"file_id": "f"}}, {"text": 1}]}]
                                """));

        assertThat(told.toString())
                .isEqualTo(
                        "[{\"role\":\"user\",\"parts\":[{\"type\":\"input_audio\"},"
                                + "{\"type\":\"file\"},{\"type\":\"unknown\"}]}]");
    }

    @Test
    void tellsTheLastMessagesWhenThereAreTooMany() throws Exception {
        var messages = Json.array();
        for (int i = 0; i < 10_000; i++) {
            messages.addObject().put("role", "user").put("content", "message " + i);
        }
        var told = Messages.input(messages);

        assertThat(told.size()).isBetween(100, 1000);
        assertThat(told.get(told.size() - 1).at("/parts/0/content").asText())
                .isEqualTo("message 9999");
        assertThat(told.toString().length()).isLessThan(3 * ContentBudget.CHARACTERS);
    }

    @Test
    void joinsThePiecesOfAStream() throws Exception {
        var choice = new HeardChoice();
        choice.add(Json.parse("{\"delta\":{\"reasoning_content\":\"hm\"}}"));
        choice.add(Json.parse("{\"delta\":{\"content\":\"a\"}}"));
        choice.add(Json.parse("{\"delta\":{\"content\":\"b\"},\"finish_reason\":null}"));
        choice.add(Json.parse("{\"delta\":{},\"finish_reason\":\"length\"}"));

        assertThat(Messages.output(List.of(choice)).toString())
                .isEqualTo(
                        "[{\"role\":\"assistant\",\"parts\":["
                                + "{\"type\":\"reasoning\",\"content\":\"hm\"},"
                                + "{\"type\":\"text\",\"content\":\"ab\"}],"
                                + "\"finish_reason\":\"length\"}]");
    }

    @Test
    void anAnswerThatWasCutOffEndsByAnError() throws Exception {
        var choice = new HeardChoice();
        choice.add(Json.parse("{\"text\":\"a\"}"));

        assertThat(Messages.output(List.of(choice)).at("/0/finish_reason").asText())
                .isEqualTo("error");
    }

    @Test
    void argumentsThatAreNoObjectAreToldAsText() throws Exception {
        var choice = new HeardChoice();
        choice.add(
                Json.parse(
                        "{\"message\":{\"tool_calls\":[{\"id\":\"1\",\"function\":"
                                + "{\"name\":\"f\",\"arguments\":\"{\\\"a\"}}]}}"));

        assertThat(Messages.output(List.of(choice)).at("/0/parts/0/arguments").asText())
                .isEqualTo("{\"a");
    }

    @Test
    void whatIsHeardIsBounded() throws Exception {
        var piece = Json.parse("{\"delta\":{\"content\":\"" + "x".repeat(10_000) + "\"}}");
        var choices = new ArrayList<HeardChoice>();
        for (int i = 0; i < 3; i++) {
            var choice = new HeardChoice();
            for (int j = 0; j < 10; j++) {
                choice.add(piece);
            }
            choices.add(choice);
        }
        assertThat(choices.getFirst().message().path("content").asText())
                .hasSize(HeardChoice.MAX_CHARACTERS);
        assertThat(Messages.output(choices).toString().length())
                .isLessThan(ContentBudget.CHARACTERS + 1000);
    }
}
