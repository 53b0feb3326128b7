// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The events of a streamed response, checked for their form (contract 2, 7.4). */
record TestingEvents(List<JsonNode> events) {

    static TestingEvents of(String stream) throws IOException {
        assertThat(stream).endsWith("\n\n").doesNotContain("[DONE]");
        var events = new ArrayList<JsonNode>();
        for (var block : stream.split("\n\n")) {
            if (block.startsWith(":")) {
                continue;
            }
            var lines = block.lines().toList();
            assertThat(lines).hasSize(2);
            assertThat(lines.get(0)).startsWith("event: ");
            assertThat(lines.get(1)).startsWith("data: ");
            var event = Json.parse(lines.get(1).substring(6));
            assertThat(event.path("type").asText()).isEqualTo(lines.get(0).substring(7));
            assertThat(event.path("sequence_number").asInt(-1)).isEqualTo(events.size());
            events.add(event);
        }
        return new TestingEvents(events);
    }

    List<String> types() {
        return events.stream().map(event -> event.path("type").asText()).toList();
    }

    JsonNode first(String type) {
        return events.stream()
                .filter(event -> event.path("type").asText().equals(type))
                .findFirst()
                .orElseThrow();
    }

    JsonNode last() {
        return events.getLast();
    }
}
