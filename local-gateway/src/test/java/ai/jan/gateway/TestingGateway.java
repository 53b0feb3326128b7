// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The gateway in this JVM, on free ports. */
public final class TestingGateway implements AutoCloseable {
    private final StandIn gateway;
    private final Path kongYml;

    private TestingGateway(StandIn gateway, Path kongYml) {
        this.kongYml = kongYml;
        this.gateway = gateway;
    }

    /**
     * Starts it.
     *
     * @param folder for its files
     */
    public static TestingGateway start(Path folder, String kongYml, String kongConf)
            throws IOException, InterruptedException {
        var config = Files.writeString(folder.resolve("kong.yml"), kongYml);
        var conf =
                Files.writeString(
                        folder.resolve("kong.conf"),
                        "prefix = " + folder.resolve("prefix") + "\n" + kongConf);
        return new TestingGateway(
                StandIn.start(
                        Map.of(
                                "--config",
                                config.toString(),
                                "--conf",
                                conf.toString(),
                                "--proxy-port",
                                "0",
                                "--tls-port",
                                "0",
                                "--status-port",
                                "0"),
                        Map.of("JAN_TEST_VALUE", "from the environment")),
                config);
    }

    public int port() {
        return gateway.server().proxyPorts().get(0);
    }

    public int tlsPort() {
        return gateway.server().proxyPorts().get(1);
    }

    public int statusPort() {
        return gateway.server().statusPorts().get(0);
    }

    public RawClient client() throws IOException {
        return RawClient.connect(port());
    }

    /** Reads another kong.yml, as on SIGHUP. */
    void reload(String text) throws IOException, InterruptedException {
        Files.writeString(kongYml, text);
        gateway.reload();
    }

    /** Begins to stop on a thread of its own, as a signal would. */
    Thread stopping() {
        return Thread.ofVirtual()
                .start(() -> {
                    try {
                        gateway.stop();
                    } catch (IOException | InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
    }

    @Override
    public void close() {
        try {
            gateway.stop();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
