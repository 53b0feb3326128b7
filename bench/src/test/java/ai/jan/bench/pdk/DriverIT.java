// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.pdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.server.PluginServer;
import ai.jan.kong.pdk.server.ServerOptions;
import ai.jan.kong.testkit.EventOutcome;
import ai.jan.kong.testkit.KongWorker;
import ai.jan.kong.testkit.PluginEntity;
import ai.jan.kong.testkit.Timeouts;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DriverIT {
    @TempDir Path directory;
    private PluginServer server;

    static List<Script> scripts() {
        return Script.ALL;
    }

    @BeforeEach
    void start() throws IOException {
        server =
                PluginServer.start(
                        directory.resolve(Peer.SOCKET),
                        List.of(CallsPlugin.DEFINITION),
                        ServerOptions.DEFAULTS);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private Driver driver(int connections, Script script) throws IOException {
        return Driver.connect(
                server.socket(), connections, () -> new ProtoBufConversation(Peer.PLUGIN, script));
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void drivesOurServerOnManyConnections(Script script) throws IOException {
        try (var driver = driver(8, script)) {
            var latencies = driver.run(Duration.ofMillis(100));

            assertThat(latencies.count()).isGreaterThanOrEqualTo(8);
            assertThat(latencies.percentile(0.5)).isLessThanOrEqualTo(latencies.percentile(0.99));
        }
    }

    @Test
    void noticesAHandlerThatSaysSomethingElse() throws IOException {
        var other = new Script(Script.TWELVE.calls().subList(0, 3)); // starts the handler of three
        try (var driver = driver(1, other)) {
            assertThatThrownBy(() -> driver.run(Duration.ofMillis(100)))
                    .hasMessageContaining("unexpected method: kong.request.get_header");
        }
    }

    /** The lean driver and the worker that plays Kong strictly hear and say the same. */
    @ParameterizedTest
    @MethodSource("scripts")
    void theStrictWorkerHasTheSameConversation(Script script) throws Exception {
        var config = (ObjectNode) new ObjectMapper().readTree(script.config());
        var entity =
                PluginEntity.global("0192f0c1-0000-7000-8000-000000000001", Peer.PLUGIN, config, 1);
        var calls = script.calls().iterator();
        try (var worker = new KongWorker(server.socket(), Timeouts.of(Duration.ofSeconds(10)))) {
            var outcome =
                    worker.run(
                            entity,
                            Phase.ACCESS,
                            (method, argument) -> {
                                var call = calls.next();
                                assertThat(method).isEqualTo(call.method());
                                assertThat(argument).isEqualTo(call.argument());
                                return call.result();
                            });

            assertThat(outcome).isInstanceOf(EventOutcome.Completed.class);
            assertThat(calls.hasNext()).isFalse();
        }
    }
}
