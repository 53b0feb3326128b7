// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import ai.jan.kong.pdk.message.Value;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Our codec against protobuf-java, with random messages and random bytes. */
class CodecTest {
    private static final long SEED = 20_261_123;

    @Test
    void readsAndWritesWhatProtobufDoes() throws Exception {
        readAndWrite(100);
    }

    @Test
    @Tag("soak")
    void readsAndWritesWhatProtobufDoesForLong() throws Exception {
        readAndWrite(20_000);
    }

    @Test
    void readsWhateverProtobufReadsAndRefusesTheRestCleanly() throws Exception {
        readDamaged(200);
    }

    @Test
    @Tag("soak")
    void readsWhateverProtobufReadsAndRefusesTheRestCleanlyForLong() throws Exception {
        readDamaged(20_000);
    }

    private static void readAndWrite(int rounds) throws Exception {
        var oracle = new ProtobufOracle();
        var random = new Random(SEED);
        for (var type : types()) {
            for (int i = 0; i < rounds; i++) {
                var message = oracle.random(oracle.type(type.name()), random, 0);
                assertThat(
                                DynamicMessage.parseFrom(
                                        oracle.type(type.name()),
                                        again(type, message.toByteArray())))
                        .isEqualTo(message);
            }
        }
    }

    private static void readDamaged(int rounds) throws Exception {
        var oracle = new ProtobufOracle();
        var random = new Random(SEED);
        int refused = 0;
        for (var type : types()) {
            for (int i = 0; i < rounds; i++) {
                var bytes = oracle.random(oracle.type(type.name()), random, 0).toByteArray();
                damage(bytes, random);
                try {
                    type.decode(bytes);
                } catch (WireException e) {
                    refused++;
                    if (e.getMessage().matches(".*(ten bytes|out of range)")) {
                        continue; // protobuf-java drops the bits too many of some of these
                    }
                    var theirs =
                            catchThrowable(() ->
                                    DynamicMessage.parseFrom(oracle.type(type.name()), bytes));
                    assertThat(theirs)
                            .as("%s %s", type.name(), HexFormat.of().formatHex(bytes))
                            .isInstanceOf(InvalidProtocolBufferException.class);
                }
            }
        }
        assertThat(refused).isPositive();
    }

    @Test
    void skipsFieldsItDoesNotKnow() throws Exception {
        // 15: group of a varint, 14: fixed32, 13: fixed64, 12: bytes, then the field itself
        var bytes =
                HexFormat.of()
                        .parseHex(
                                "7b080 17c75 01020304 69 0102030405060708 6203 616263 0a0168"
                                        .replace(" ", ""));

        assertThat(WireTypes.STRING.decode(bytes)).isEqualTo("h");
    }

    @Test
    void takesNullOfAnyNumberForNothing() throws Exception {
        assertThat(WireTypes.VALUE.decode(new byte[] {8, 1})).isEqualTo(Value.nil());
        assertThat(WireTypes.VALUE.decode(new byte[] {8, 0})).isEqualTo(Value.nil());
        assertThat(WireTypes.VALUE.decode(new byte[0])).isEqualTo(Value.nil());
        assertThat(WireTypes.VALUE.encode(Value.nil())).isEmpty();
    }

    @Test
    void refusesNestingWithoutEnd() {
        Object deep = List.of();
        for (int i = 0; i < 80; i++) {
            deep = List.of(deep);
        }
        var bytes = WireTypes.VALUE.encode(Value.of(deep));

        assertThatThrownBy(() -> WireTypes.VALUE.decode(bytes))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("nested");
    }

    @Test
    void javaValuesComeBackAsTheyWent() throws Exception {
        Map<String, Object> java = new LinkedHashMap<>();
        java.put("text", "grüße 🙂");
        java.put("number", 1.5);
        java.put("flag", true);
        java.put("list", List.of("a", 2.0));
        java.put("map", Map.of("k", List.of()));
        var again = WireTypes.VALUE.decode(WireTypes.VALUE.encode(Value.of(java)));

        assertThat(again.toJava()).isEqualTo(java);
        assertThatCode(() -> Value.of(new Object())).isInstanceOf(IllegalArgumentException.class);
    }

    private static <T> byte[] again(WireType<T> type, byte[] bytes) throws WireException {
        return type.encode(type.decode(bytes));
    }

    private static void damage(byte[] bytes, Random random) {
        for (int i = random.nextInt(3); i >= 0 && bytes.length > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
    }

    private static List<WireType<?>> types() {
        Map<String, WireType<?>> types = new LinkedHashMap<>();
        types.put("RpcCall", WireTypes.RPC_CALL);
        types.put("RpcReturn", WireTypes.RPC_RETURN);
        for (var method : PdkMethods.all()) {
            types.put(method.argument().name(), method.argument());
            types.put(method.result().name(), method.result());
        }
        return new ArrayList<>(types.values());
    }
}
