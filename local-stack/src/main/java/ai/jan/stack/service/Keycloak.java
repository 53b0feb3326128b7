// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.service;

import ai.jan.kit.json.Json;
import ai.jan.stack.PrivateFile;
import ai.jan.stack.Secrets;
import ai.jan.stack.dist.Distributions;
import ai.jan.stack.process.ChildEnvironment;
import ai.jan.stack.process.Launch;
import ai.jan.stack.process.Supervisor;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Keycloak with its own small database. The distribution is built once for quick starts and may be
 * shared; data and the imported realm are in a home folder per installation, which borrows the rest
 * of the distribution by symbolic links. Java is started directly, as {@code kc.sh} would leave a
 * shell between us and it.
 */
public final class Keycloak {
    public static final String NAME = "keycloak";
    public static final String REALM = "jan";
    public static final String ADMIN = "admin";

    /** The clients with which the plugin server comes, and their secrets. */
    private static final Map<String, String> CLIENTS =
            Map.of(
                    "backend", Secrets.KEYCLOAK_CLIENT_SECRET,
                    "backend-watch", Secrets.KEYCLOAK_WATCH_SECRET);

    private static final Duration BUILD = Duration.ofMinutes(10);
    private static final Duration START = Duration.ofMinutes(5);
    private static final List<String> BORROWED =
            List.of("bin", "conf", "lib", "providers", "themes", "version.txt");

    private final Path distribution;
    private final Path home;
    private final int port;
    private final int managementPort;
    private final Secrets secrets;
    private final Probe probe = new Probe();

    /**
     * @param distribution unpacked
     * @param home the folder of this installation; made if it is not there
     */
    public Keycloak(Path distribution, Path home, int port, int managementPort, Secrets secrets) {
        this.distribution = distribution;
        this.home = home;
        this.port = port;
        this.managementPort = managementPort;
        this.secrets = secrets;
    }

    /** Its address; tokens name it as their issuer, whatever name they were asked for by. */
    public static URI url(int port) {
        return URI.create("http://localhost:" + port);
    }

    public static URI issuer(int port) {
        return url(port).resolve("/realms/" + REALM);
    }

    /** Its address for processes of the platform, so that no name has to be looked up. */
    static URI internalUrl(int port) {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Where its signing keys are. */
    public static URI keys(int port) {
        return internalUrl(port).resolve("/realms/" + REALM + "/protocol/openid-connect/certs");
    }

    /**
     * Builds the distribution if nobody has, and puts the realm where the server imports it from.
     *
     * @param realm imported when the server starts and has no such realm yet
     */
    public void prepare(Path realm, Distributions distributions, Supervisor supervisor)
            throws IOException, InterruptedException {
        distributions.onceFor(distribution.getFileName().toString(), () -> build(supervisor));
        PrivateFile.folder(home); // its database has the key that signs tokens
        var imports = Files.createDirectories(home.resolve("data/import"));
        PrivateFile.write(
                imports.resolve(realm.getFileName().toString()),
                withClientSecrets(Files.readAllBytes(realm)));
        for (var part : BORROWED) {
            var link = home.resolve(part);
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, distribution.resolve(part));
        }
    }

    /**
     * The realm file is in the repository and has no secret; one made by Keycloak only its
     * administrator could read.
     */
    private String withClientSecrets(byte[] realm) throws IOException {
        var content = Json.parse(realm);
        for (var client : content.path("clients")) {
            var secret = CLIENTS.get(client.path("clientId").asText());
            if (secret != null) {
                ((ObjectNode) client).put("secret", secrets.random(secret));
            }
        }
        return Json.text(content);
    }

    private void build(Supervisor supervisor) throws InterruptedException {
        supervisor.run(
                "building Keycloak",
                command(
                        distribution,
                        "build",
                        "--db=dev-file",
                        "--health-enabled=true",
                        "--metrics-enabled=true"),
                ChildEnvironment.ours(Map.of()),
                distribution,
                BUILD);
    }

    public Launch launch() throws IOException {
        return new Launch(
                NAME,
                command(
                        home,
                        "start",
                        "--optimized",
                        "--import-realm",
                        "--cache=local",
                        "--http-enabled=true",
                        "--hostname=" + url(port),
                        "--http-host=127.0.0.1",
                        "--http-port=" + port,
                        "--http-management-host=127.0.0.1",
                        "--http-management-port=" + managementPort),
                ChildEnvironment.ours(
                        Map.of(
                                "KC_BOOTSTRAP_ADMIN_USERNAME",
                                ADMIN,
                                "KC_BOOTSTRAP_ADMIN_PASSWORD",
                                secrets.random(Secrets.KEYCLOAK_ADMIN_PASSWORD))),
                home,
                Launch.Wave.SERVICE,
                Launch.StopSignal.TERM,
                () ->
                        probe.answers(
                                        URI.create(
                                                "http://127.0.0.1:"
                                                        + managementPort
                                                        + "/health/ready"))
                                && probe.answers(keys(port)),
                Launch.NEVER,
                START);
    }

    private static List<String> command(Path home, String... arguments) {
        var command = new ArrayList<String>();
        command.add(JavaCommand.java().toString());
        command.addAll(
                List.of(
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-Xms64m",
                        "-Xmx512m",
                        "-XX:MaxMetaspaceSize=256m",
                        "-Dfile.encoding=UTF-8",
                        "-Duser.language=en",
                        "-Duser.country=US",
                        "--add-opens=java.base/java.util=ALL-UNNAMED",
                        "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
                        "--add-opens=java.base/java.security=ALL-UNNAMED",
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Djava.util.concurrent.ForkJoinPool.common.threadFactory="
                                + "io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory",
                        "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                        "-Dpicocli.disable.closures=true",
                        "-Dquarkus-log-max-startup-records=10000",
                        "-Dkc.home.dir=" + home,
                        "-Djboss.server.config.dir=" + home.resolve("conf"),
                        "-cp",
                        home.resolve("lib/quarkus-run.jar").toString(),
                        "io.quarkus.bootstrap.runner.QuarkusEntryPoint"));
        command.addAll(List.of(arguments));
        return command;
    }
}
