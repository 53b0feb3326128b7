// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.peers;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListeningTest {
    private static final int PORT = 0x1F90;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0100007F:1F90",
                "00000000000000000000000001000000:1F90",
                "0000000000000000FFFF00000100007F:1F90",
                "00000000:1F91"
            })
    void acceptsWhoListensForThisMachineOnly(String address) {
        assertThatCode(() -> Listening.onlyLocally(PORT, table(address, "0A")))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"00000000:1F90", "00000000000000000000000000000000:1F90", "0A00020F:1F90"})
    void refusesWhoListensForOthers(String address) {
        assertThatThrownBy(() -> Listening.onlyLocally(PORT, table(address, "0A")))
                .hasMessageContaining("8080");
    }

    @Test
    void aConnectionIsNoListener() {
        assertThatCode(() -> Listening.onlyLocally(PORT, table("0A00020F:1F90", "01")))
                .doesNotThrowAnyException();
    }

    private static List<String> table(String address, String state) {
        return List.of(
                "  sl  local_address rem_address   st tx_queue rx_queue",
                "   0: " + address + " 00000000:0000 " + state + " 00000000:00000000 00:00000000");
    }
}
