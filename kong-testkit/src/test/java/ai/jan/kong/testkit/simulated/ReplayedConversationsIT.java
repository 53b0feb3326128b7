// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kong.pdk.server.PluginServer;
import ai.jan.kong.pdk.server.ServerOptions;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Our plugin server is told, byte by byte, what the recorded Kong said, by plugins that call what
 * the recorded ones called, and says what Kong accepts.
 */
@Timeout(120)
class ReplayedConversationsIT {
    @TempDir Path directory;

    @Test
    void aFew() throws Exception {
        assertThat(replayAll(Golden.bundled())).isEmpty();
    }

    @Test
    void all() throws Exception {
        assertThat(replayAll(Golden.complete("wire-conversations"))).isEmpty();
    }

    private List<String> replayAll(Path golden) throws Exception {
        var records = Golden.read(golden, "wire-conversations");
        assertThat(records).isNotEmpty();
        var script = new ReplayedScript();
        var differences = new ArrayList<String>();
        int exchanges = 0;
        var socket = directory.resolve("plugins");
        try (var server =
                PluginServer.start(
                        socket,
                        ReplayedPlugin.definitions(names(records), script),
                        ServerOptions.DEFAULTS)) {
            for (var record : records) {
                var conversation = RecordedConversation.of(record);
                try (var kong = new ReplayedKong(server.socket(), script)) {
                    exchanges += kong.replay(conversation);
                    kong.differences.forEach(
                            found -> differences.add(conversation.id() + ": " + found));
                }
            }
        }
        System.out.printf(
                "replayed: %d commands of %d conversations, %d different%n",
                exchanges, records.size(), differences.size());
        return differences;
    }

    /** All plugins that the records start. */
    private static List<String> names(List<JsonNode> records) {
        return records.stream()
                .map(RecordedConversation::of)
                .flatMap(conversation -> conversation.plugins().stream())
                .distinct()
                .toList();
    }
}
