// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.backend;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PromptSocketsTest {
    @Test
    void aLongPromptIsSentWithoutWaitingForTheServer() throws Exception {
        try (var socket = Upstream.client().socketFactory().createSocket()) {
            assertThat(socket.getTcpNoDelay()).isTrue();
            assertThat(socket.isConnected()).isFalse();
        }
    }
}
