// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.pdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MsgPackTest {
    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    @Test
    void writesARequest() {
        var out = ByteBuffer.allocate(100);

        MsgPack.write(out, List.of(0, "a", Map.of("k", 7L)));

        assertThat(out.flip()).isEqualTo(bytes("93 d200000000 a161 81 a16b d30000000000000007"));
    }

    @Test
    void readsWhatItWrote() throws IOException {
        var value = List.of(1L, "x".repeat(40), Map.of("a", List.of("b")));
        var out = ByteBuffer.allocate(100);
        MsgPack.write(out, value);

        assertThat(MsgPack.read(out.flip())).contains(value);
    }

    @Test
    void readsWhatPythonWrites() throws IOException {
        var in = bytes("94 01 cd0100 c0 82 a444617461 a3726574 a74576656e744964 00");

        var message = (List<?>) MsgPack.read(in).orElseThrow();

        assertThat(message.get(1)).isEqualTo(256L);
        assertThat(message.get(2)).isNull();
        assertThat(message.get(3)).isEqualTo(Map.of("Data", "ret", "EventId", 0L));
    }

    @Test
    void takesNothingOfAMessageThatIsNotWhole() throws IOException {
        var in = bytes("94 01 02");

        assertThat(MsgPack.read(in)).isEmpty();
        assertThat(in.position()).isZero();
    }

    @Test
    void refusesTypesThatTheProtocolDoesNotUse() {
        assertThatThrownBy(() -> MsgPack.read(bytes("c7 00 00"))).isInstanceOf(IOException.class);
    }
}
