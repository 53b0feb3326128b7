// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.wire;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kong.pdk.Bytes;
import ai.jan.kong.pdk.message.CmdCloseInstance;
import ai.jan.kong.pdk.message.CmdHandleEvent;
import ai.jan.kong.pdk.message.CmdStartInstance;
import ai.jan.kong.pdk.message.ExitArgs;
import ai.jan.kong.pdk.message.InstanceStatus;
import ai.jan.kong.pdk.message.Kv;
import ai.jan.kong.pdk.message.RawBodyResult;
import ai.jan.kong.pdk.message.RpcCall;
import ai.jan.kong.pdk.message.RpcReturn;
import ai.jan.kong.pdk.message.Struct;
import ai.jan.kong.pdk.message.Value;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The bytes that Kong's own encoder makes (contract 2.3). */
class GoldenBytesTest {
    private static final HexFormat HEX = HexFormat.of();

    static Stream<Arguments> messages() {
        return Stream.of(
                Arguments.of(
                        WireTypes.RPC_CALL,
                        RpcCall.of(2, new CmdStartInstance("p", Bytes.utf8("{\"a\":1}"))),
                        "08028a020c0a0170120 77b2261223a317d"),
                Arguments.of(
                        WireTypes.RPC_RETURN,
                        RpcReturn.of(2, new InstanceStatus("p", 7, Value.nil(), 1_700_000_000)),
                        "08028a020b0a017010072080e2cfaa06"),
                Arguments.of(
                        WireTypes.RPC_CALL,
                        RpcCall.of(3, new CmdHandleEvent(7, "access")),
                        "0803a2020a08071206616363657373"),
                Arguments.of(WireTypes.RPC_RETURN, RpcReturn.of(3), "0803"),
                Arguments.of(
                        WireTypes.RPC_CALL,
                        RpcCall.of(4, new CmdCloseInstance(7)),
                        "08049a02020807"),
                Arguments.of(WireTypes.STRING, "host", "0a04686f7374"),
                Arguments.of(WireTypes.INT, 100, "0864"),
                Arguments.of(WireTypes.INT, -1, "08ffffffffffffffffff01"),
                Arguments.of(WireTypes.BOOL, false, "0800"),
                Arguments.of(WireTypes.BOOL, true, "0801"),
                Arguments.of(WireTypes.KV, new Kv("X-A", Value.of("1")), "0a03582d4112031a0131"),
                Arguments.of(
                        WireTypes.RAW_BODY_RESULT, RawBodyResult.ofContent(Bytes.EMPTY), "0a00"),
                Arguments.of(
                        WireTypes.EXIT_ARGS,
                        new ExitArgs(
                                403, Bytes.utf8("no"), Struct.of(Map.of("X-A", List.of("1", "2")))),
                        "08930312026e6f1a150a130a03582d41120c320a0a031a01310a031a0132"));
    }

    @ParameterizedTest
    @MethodSource("messages")
    <T> void writesAndReadsWhatKongDoes(WireType<T> type, T message, String hex) throws Exception {
        var bytes = HEX.parseHex(hex.replace(" ", ""));

        assertThat(HEX.formatHex(type.encode(message))).isEqualTo(HEX.formatHex(bytes));
        assertThat(type.decode(bytes)).isEqualTo(message);
    }
}
