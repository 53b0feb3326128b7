// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.service;

import ai.jan.kit.lifecycle.ProcessFailure;
import ai.jan.stack.Ports;
import ai.jan.stack.Programs;
import ai.jan.stack.Repository;
import ai.jan.stack.process.ChildEnvironment;
import ai.jan.stack.process.Launch;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The gateway over the repository's {@code kong.yml} and {@code kong.conf}: the real Kong where
 * there is one, else local-gateway, both with the same files and the same overrides.
 */
public final class Gateway {
    public static final String NAME = "gateway";

    /** Each is a plugin server to Kong; all are one process. */
    private static final List<String> PLUGINS =
            List.of("jan-auth", "jan-rewrite", "jan-quota", "jan-identity");

    private static final int HEAP_MEGABYTES = 256;
    private static final Duration START = Duration.ofMinutes(1);

    /** Kong may have left its nginx behind when it was killed; only its own stop finds that. */
    private static final String START_KONG =
            """
            "$1" stop -p "$2" > /dev/null 2>&1
            exec "$1" start -c "$3" -p "$2"
            """;

    private static final Duration POLL = Duration.ofMillis(100);

    private final Repository repository;
    private final List<String> jvm;
    private final Path declaration;
    private final Path home;
    private final Ports ports;
    private final Path socket;
    private final Optional<Path> kong;
    private final Probe probe = new Probe();

    /**
     * @param declaration the {@code kong.yml} it serves
     * @param jvm options of the stand-in's
     * @param home where generated files go
     * @param socket the plugin server's
     * @param kong the real Kong
     */
    public Gateway(
            Repository repository,
            List<String> jvm,
            Path declaration,
            Path home,
            Ports ports,
            Path socket,
            Optional<Path> kong) {
        this.repository = repository;
        this.jvm = jvm;
        this.declaration = declaration;
        this.home = home;
        this.ports = ports;
        this.socket = socket;
        this.kong = kong;
    }

    public Launch launch() throws IOException {
        var served = new ServiceAddresses(ports).applyTo(declaration, home);
        return new Launch(
                NAME,
                command(served),
                ChildEnvironment.gateway(environment(served)),
                repository.root(),
                Launch.Wave.GATEWAY,
                Launch.StopSignal.TERM,
                () -> Probe.accepts(ports.of(Ports.Service.GATEWAY)) && probe.answers(status()),
                Launch.SOON,
                START);
    }

    /** What its user should know about this gateway; one line each. */
    public List<String> peculiarities() {
        var lines = new ArrayList<String>();
        lines.add(
                kong.map(program -> "the gateway is the real Kong: " + program)
                        .orElse(
                                "no Kong here (KONG_BIN): local-gateway stands in for it, with the"
                                        + " same kong.yml, kong.conf and plugins"));
        if (new ServiceAddresses(ports).areChanged()) {
            lines.add(
                    "other ports than usual: the gateway uses a patched copy of kong.yml, "
                            + home.resolve("kong.yml"));
        }
        return lines;
    }

    /**
     * Waits until a request goes all the way through.
     *
     * @throws ProcessFailure if it does not in time
     */
    public void awaitAnswer(String apiKey) throws InterruptedException {
        var models = url().resolve("/v1/models");
        var deadline = System.nanoTime() + START.toNanos();
        while (probe.get(models, "Authorization", "Bearer " + apiKey).isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw ProcessFailure.unavailable(
                        "everything is started, but "
                                + models
                                + " is not answered with 200; see the logs in "
                                + home.resolve("logs"));
            }
            Thread.sleep(POLL);
        }
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + ports.of(Ports.Service.GATEWAY));
    }

    private URI status() {
        return URI.create("http://127.0.0.1:" + ports.of(Ports.Service.STATUS) + "/status");
    }

    private List<String> command(Path served) throws IOException {
        var conf = repository.file("kong.conf");
        if (kong.isEmpty()) {
            return new JavaCommand(repository.jar("local-gateway"), jvm)
                    .with(HEAP_MEGABYTES, "--config", served.toString(), "--conf", conf.toString());
        }
        var prefix = Files.createDirectories(home.resolve("kong"));
        return List.of(
                "sh",
                "-c",
                START_KONG,
                "kong",
                kong.get().toString(),
                prefix.toString(),
                conf.toString());
    }

    /** What differs on this machine from the values in {@code kong.conf} and {@code kong.yml}. */
    private Map<String, String> environment(Path served) throws IOException {
        int keycloak = ports.of(Ports.Service.KEYCLOAK);
        var own = new HashMap<String, String>();
        own.put("JAN_STOP_ON_STDIN_EOF", "true");
        own.put("JAN_ISSUER", Keycloak.issuer(keycloak).toString());
        own.put("JAN_JWKS_URI", Keycloak.keys(keycloak).toString());
        own.put("JAN_PUBLIC_URL", url().toString());
        own.put("KONG_DATABASE", "off");
        own.put("KONG_DECLARATIVE_CONFIG", served.toString());
        own.put("KONG_PREFIX", home.resolve("kong").toString());
        own.put("KONG_PROXY_LISTEN", "127.0.0.1:" + ports.of(Ports.Service.GATEWAY));
        own.put("KONG_STATUS_LISTEN", "127.0.0.1:" + ports.of(Ports.Service.STATUS));
        own.put("KONG_ADMIN_LISTEN", "off");
        for (var plugin : PLUGINS) {
            var key = "KONG_PLUGINSERVER_" + plugin.toUpperCase(Locale.ROOT).replace('-', '_');
            own.put(key + "_SOCKET", socket.toString());
            own.put(key + "_QUERY_CMD", "cat " + repository.pluginDump(plugin));
        }
        for (var type : List.of("json", "html", "plain")) {
            own.put(
                    "KONG_ERROR_TEMPLATE_" + type.toUpperCase(Locale.ROOT),
                    errorTemplate(type).toString());
        }
        own.put("KONG_DNS_HOSTSFILE", hosts().toString());
        if (kong.isPresent()) {
            own.put("KONG_NGINX_DAEMON", "off");
            if (Programs.isRoot()) {
                own.put("KONG_NGINX_USER", "root root"); // the socket's folder is its owner's only
            }
        }
        return own;
    }

    /** Kong wants an absolute path; in the repository it is written from its root. */
    private Path errorTemplate(String type) throws IOException {
        return repository.file(
                KongConf.read(repository.file("kong.conf")).value("error_template_" + type));
    }

    private Path hosts() throws IOException {
        return Files.writeString(
                home.resolve("hosts"), "127.0.0.1 localhost llm-api-lite mcp-tools\n");
    }
}
