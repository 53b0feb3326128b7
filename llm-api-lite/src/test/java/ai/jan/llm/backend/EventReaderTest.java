// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import okio.Buffer;
import org.junit.jupiter.api.Test;

class EventReaderTest {
    @Test
    void splitsAtEmptyLinesAndKeepsEveryByte() throws Exception {
        assertThat(read("data: a\n\n: c\n\nevent: x\ndata: b\r\ndata:c\r\n\r\n"))
                .containsExactly("data: a\n\n", ": c\n\n", "event: x\ndata: b\r\ndata:c\r\n\r\n");
    }

    @Test
    void skipsEmptyLinesBetweenEvents() throws Exception {
        assertThat(read("\n\r\ndata: a\n\n\n\ndata: b\n\n"))
                .containsExactly("data: a\n\n", "data: b\n\n");
    }

    @Test
    void completesTheLastEvent() throws Exception {
        assertThat(read("data: a\n")).containsExactly("data: a\n\n");
        assertThat(read("data: a")).containsExactly("data: a\n\n");
        assertThat(read("")).isEmpty();
    }

    @Test
    void joinsDataLines() throws Exception {
        var event = new EventReader(new Buffer().writeUtf8("data: a\ndata:b\ndata:  c\n\n")).next();
        assertThat(event.data()).contains("a\nb\n c");
        assertThat(event.isComment()).isFalse();
    }

    @Test
    void knowsAComment() throws Exception {
        var event = new EventReader(new Buffer().writeUtf8(": ping\n\n")).next();
        assertThat(event.data()).isEmpty();
        assertThat(event.isComment()).isTrue();
    }

    @Test
    void refusesAnEventThatIsTooLarge() {
        var line = "data: " + "x".repeat(3 * 1024 * 1024) + "\n";
        assertThatThrownBy(() -> read(line + line + "\n")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> read("x".repeat(5 * 1024 * 1024))).isInstanceOf(IOException.class);
    }

    private static List<String> read(String stream) throws IOException {
        var reader = new EventReader(new Buffer().writeUtf8(stream));
        var events = new ArrayList<String>();
        for (SseEvent event; (event = reader.next()) != null; ) {
            events.add(event.bytes().utf8());
        }
        return events;
    }
}
