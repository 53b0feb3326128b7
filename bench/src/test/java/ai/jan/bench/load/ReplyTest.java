// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyTest {
    private final StringBuilder body = new StringBuilder();
    private final Reply reply =
            new Reply((bytes, from, to) ->
                    body.append(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1)));

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1000})
    void readsChunksHoweverTheyAreCut(int size) {
        reply.begin();

        come("HTTP/1.1 100 Continue\r\n\r\n", size);
        come("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nA: b\r\n\r\n", size);
        come("5;x=y\r\nhello\r\n10\r\n, 16 characters!\r\n0\r\nTrailer: x\r\n", size);
        assertThat(reply.isOver()).isFalse();
        come("\r\n", size);

        assertThat(reply.isOver()).isTrue();
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.isLast()).isFalse();
        assertThat(body).hasToString("hello, 16 characters!");
    }

    @Test
    void readsOneAnswerAfterTheOther() {
        reply.begin();
        come("HTTP/1.1 503 No\r\nContent-Length: 4\r\nConnection: close\r\n\r\nfour", 3);
        assertThat(reply.isOver()).isTrue();
        assertThat(reply.isLast()).isTrue();
        reply.begin();
        come("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 3);

        assertThat(reply.isOver()).isTrue();
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.isLast()).isFalse();
        assertThat(body).hasToString("four");
    }

    @Test
    void anAnswerWithoutLengthEndsWithTheConnection() {
        reply.begin();
        come("HTTP/1.1 200 OK\r\n\r\nall", 5);

        assertThat(reply.isOver()).isFalse();
        assertThat(reply.closed()).isTrue();
        assertThat(body).hasToString("all");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxy\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n"
            })
    void refusesWhatIsNoAnswer(String bytes) {
        reply.begin();

        assertThatThrownBy(() -> come(bytes, 1000)).isInstanceOf(IllegalArgumentException.class);
    }

    private void come(String text, int size) {
        var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        for (int from = 0; from < bytes.length; from += size) {
            reply.come(bytes, from, Math.min(bytes.length, from + size));
        }
    }
}
