// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kong.pdk.Kong;
import ai.jan.kong.pdk.Plugin;
import ai.jan.kong.pdk.PluginDefinition;
import ai.jan.kong.pdk.PluginDump;
import ai.jan.kong.pdk.config.Default;
import ai.jan.kong.pdk.config.Referenceable;
import ai.jan.kong.pdk.config.Required;
import ai.jan.kong.pdk.server.PluginServer;
import ai.jan.kong.pdk.server.ServerOptions;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plugins in another process take part in requests, and nothing passes without them. */
class ExternalPluginIT {
    public record TagConfig(@Default("plain") String tag, @Required @Referenceable String secret) {}

    /** Tags the request and the response; refuses who asks for it. */
    static final class TagPlugin implements Plugin {
        private final TagConfig config;

        TagPlugin(TagConfig config) {
            this.config = config;
        }

        @Override
        public void access(Kong kong) {
            var wish = kong.request().getHeader("X-Wish");
            var path = kong.request().getPath();
            if (wish.get().filter("exit"::equals).isPresent()) {
                throw kong.response().exit(403, "no entry".getBytes(UTF_8), Map.of());
            }
            kong.service().request().setHeader("X-Tag", config.tag() + " " + path.get());
            kong.service().request().setHeader("X-Secret", config.secret());
            kong.response().setHeader("X-Tagged", "yes");
        }
    }

    private static final PluginDefinition<TagConfig, TagPlugin> TAG =
            new PluginDefinition<>(
                    "tag", "1.0.0", 900, TagConfig.class, TagPlugin.class, TagPlugin::new);

    @TempDir Path folder;
    private TestingUpstream upstream;

    @BeforeEach
    void startUpstream() throws IOException {
        upstream = TestingUpstream.start();
    }

    @AfterEach
    void stopUpstream() throws IOException {
        upstream.close();
    }

    private Path socket() {
        return folder.resolve("p.sock");
    }

    private TestingGateway gateway() throws IOException, InterruptedException {
        var dump = folder.resolve("dump.json");
        Files.writeString(dump, PluginDump.of(TAG).toJson());
        return TestingGateway.start(
                folder,
                """
                _format_version: "3.0"
                services:
                  - name: up
                    url: http://127.0.0.1:%d
                    routes:
                      - name: up
                        paths: ["/up"]
                        plugins:
                          - name: tag
                            config: {secret: "{vault://env/jan-test-value}"}
                """
                        .formatted(upstream.port()),
                """
                plugins = bundled,tag
                pluginserver_names = tag
                pluginserver_tag_socket = %s
                pluginserver_tag_query_cmd = cat %s
                nginx_http_lua_socket_read_timeout = 500ms
                error_template_json = ../kong/error.json
                error_default_type = application/json
                """
                        .formatted(socket(), dump));
    }

    @Test
    void changesRequestAndResponse() throws Exception {
        try (var _ = PluginServer.start(socket(), List.of(TAG), ServerOptions.DEFAULTS);
                var gateway = gateway();
                var client = gateway.client()) {
            var response = client.get("/up/x");
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.header("X-Tagged")).isEqualTo("yes");
            var seen = upstream.next();
            assertThat(seen.header("X-Tag")).contains("plain /up/x");
            assertThat(seen.header("X-Secret")).contains("from the environment");
        }
    }

    @Test
    void answersInsteadOfTheService() throws Exception {
        try (var _ = PluginServer.start(socket(), List.of(TAG), ServerOptions.DEFAULTS);
                var gateway = gateway();
                var client = gateway.client()) {
            var response = client.get("/up", "X-Wish: exit");
            assertThat(response.status()).isEqualTo(403);
            assertThat(response.text()).isEqualTo("no entry");
            assertThat(upstream.take()).isEmpty();
        }
    }

    @Test
    void failsClosedWhenThePluginServerIsAbsent() throws Exception {
        try (var gateway = gateway();
                var client = gateway.client()) {
            assertFailed(client.get("/up"));
        }
    }

    @Test
    void failsClosedWithinTheTimeOutWhenThePluginServerIsFrozen() throws Exception {
        try (var frozen = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                var gateway = gateway();
                var client = gateway.client()) {
            frozen.bind(UnixDomainSocketAddress.of(socket()));
            long start = System.nanoTime();
            assertFailed(client.get("/up"));
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(5));
        }
    }

    private void assertFailed(RawClient.Response response) {
        assertThat(response.status()).isEqualTo(500);
        assertThat(response.text())
                .startsWith("{\"error\":{\"message\":\"An unexpected error occurred\"");
        assertThat(upstream.take()).isEmpty();
    }

    @Test
    void worksAgainOnceThePluginServerIsBack() throws Exception {
        try (var gateway = gateway()) {
            try (var client = gateway.client()) {
                assertFailed(client.get("/up"));
            }
            try (var _ = PluginServer.start(socket(), List.of(TAG), ServerOptions.DEFAULTS);
                    var client = gateway.client()) {
                assertThat(client.get("/up").status()).isEqualTo(200);
            }
        }
    }
}
