// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.peers;

import ai.jan.bench.model.MockModel;
import ai.jan.bench.platform.Chain;
import ai.jan.bench.platform.Platform;
import ai.jan.bench.platform.Target;
import ai.jan.bench.special.Freeze;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * {@code make bench-peers}: the platform with everything on, and the gateways of others, in front
 * of one model with one load. Writes {@code peers.json} and {@code peers.md}. Settings come from
 * the environment; {@code bench/bench-peers} makes them.
 */
public final class PeersBenchmark {
    private static final String OURS =
            "jan-auth with an API key, jan-rewrite, jan-quota with limits of requests, tokens and parallel requests counted in"
                    + " PostgreSQL, and what comes with Kong and is in `kong.yml`; llm-api-lite with its store. The processor time is that"
                    + " of the gateway, the plugin server, llm-api-lite, mcp-tools and PostgreSQL";

    private final Map<String, String> environment;

    private PeersBenchmark(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        new PeersBenchmark(System.getenv()).run();
    }

    private void run() throws IOException, InterruptedException {
        try (var model = MockModel.start(0);
                var entrants = new Entrants(milliseconds("BENCH_WARM_UP_MS"))) {
            Runtime.getRuntime().addShutdownHook(new Thread(entrants::close));
            var alone = Target.open("model", model.url().resolve("/v1"), MockModel.NAME);
            entrants.add(
                    new Contender(Results.MODEL, alone, new Processes(List.of())),
                    "no gateway at all");
            addOurs(entrants, model.url());
            addOthers(entrants, model.url());
            var results =
                    entrants.measure(
                            milliseconds("BENCH_SETTLE_MS"),
                            milliseconds("BENCH_MS"),
                            Integer.parseInt(setting("BENCH_ROUNDS")));
            write(results);
        }
    }

    private void addOurs(Entrants entrants, URI model) throws IOException, InterruptedException {
        var platform = Platform.start(path("BENCH_ROOT"), work("ours"), model, Chain.ALL, Map.of());
        entrants.atEnd(platform);
        var target = platform.target(Chain.ALL);
        Proofs.keys(target);
        Proofs.tellsLimits(target);
        var supervisor = supervisor(platform);
        var processes = Processes.below(supervisor);
        // It would take frozen processes for hung ones and end them, so it stays frozen itself.
        entrants.atEnd(Freeze.whole(supervisor.pid()));
        processes.freeze();
        processes.goOn();
        entrants.add(new Contender(Results.OURS + platform.gatewayName(), target, processes), OURS);
    }

    /** What {@code make run} runs, which has started all others. */
    private static ProcessHandle supervisor(Platform platform) throws IOException {
        return ProcessHandle.of(platform.process("gateway").pid())
                .flatMap(ProcessHandle::parent)
                .orElseThrow(() -> new IOException("the platform has no supervisor"));
    }

    private void addOthers(Entrants entrants, URI model) throws IOException, InterruptedException {
        var settings = path("BENCH_PEERS");
        int lite = freePort();
        entrants.add(
                Peer.liteLlm(setting("BENCH_LITELLM"), settings.resolve("litellm"), lite, model),
                peer -> PeerProcess.start(peer, lite, work("litellm")));
        int router = freePort();
        entrants.add(
                Peer.vllmRouter(setting("BENCH_VLLM_ROUTER"), router, freePort(), model),
                peer -> PeerProcess.start(peer, router, work("vllm-router")));
        int portkey = freePort();
        entrants.add(
                Peer.portkey(
                        setting("BENCH_PORTKEY"),
                        settings.resolve("portkey/only-local.cjs"),
                        portkey,
                        model),
                peer -> PeerProcess.start(peer, portkey, work("portkey")));
    }

    private void write(Results results) throws IOException {
        var out = path("BENCH_OUT");
        var circumstances = setting("BENCH_CIRCUMSTANCES");
        var page = new Page(results, circumstances);
        Files.createDirectories(out);
        Files.writeString(out.resolve("peers.json"), ResultsFile.text(results, circumstances));
        Files.writeString(out.resolve("peers.md"), page.text());
        page.aims().forEach(System.out::println);
    }

    private Path work(String name) {
        return path("BENCH_WORK").resolve(name);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private Duration milliseconds(String name) {
        return Duration.ofMillis(Long.parseLong(setting(name)));
    }

    private Path path(String name) {
        return Path.of(setting(name)).toAbsolutePath();
    }

    private String setting(String name) {
        return Objects.requireNonNull(
                environment.get(name), name + " is not set; use bench/bench-peers");
    }
}
