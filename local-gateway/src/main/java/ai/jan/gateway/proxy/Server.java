// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.proxy;

import ai.jan.gateway.config.Declaration;
import ai.jan.gateway.config.Listen;
import ai.jan.gateway.config.Settings;
import ai.jan.gateway.router.Router;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import javax.net.ssl.SSLSocketFactory;

/** A running gateway: its listeners, and all that serves them. */
public final class Server {
    private static final Duration DRAIN = Duration.ofSeconds(10);

    private final ScheduledThreadPoolExecutor timer;
    private final UpstreamPool pool;
    private final Settings settings;
    private final Resolver resolver;
    private volatile Serving serving;
    private final List<Listener> proxies = new ArrayList<>();
    private final List<Listener> statuses = new ArrayList<>();

    /** What serves one kong.yml. */
    private record Serving(Gateway gateway, List<Balancer> balancers) {}

    /**
     * Binds every address; serves from {@link #start} on.
     *
     * @throws IOException if an address is taken
     */
    public Server(
            Settings settings, Declaration declaration, RequestPlugins plugins, Metrics metrics)
            throws IOException {
        this.settings = settings;
        timer =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().name("timer").daemon().factory());
        timer.setRemoveOnCancelPolicy(true);
        try {
            pool = new UpstreamPool(Tls.toServices(), timer);
            resolver = new Resolver(settings.hostsFile());
            serving = serving(declaration, plugins);
            var tls =
                    settings.proxyListen().stream().anyMatch(Listen::tls)
                            ? Optional.of(Tls.selfSigned())
                            : Optional.<SSLSocketFactory>empty();
            for (var listen : settings.statusListen()) {
                var status = new StatusApi(() -> metrics.text(connections()));
                statuses.add(new Listener(listen, Optional.empty(), () -> status, timer));
            }
            for (var listen : settings.proxyListen().reversed()) { // the first one opens last
                proxies.addFirst(
                        new Listener(
                                listen,
                                listen.tls() ? tls : Optional.empty(),
                                () -> serving.gateway(),
                                timer));
            }
        } catch (GeneralSecurityException e) {
            throw new IOException("no TLS", e);
        }
    }

    private Serving serving(Declaration declaration, RequestPlugins plugins) {
        var balancers = new HashMap<String, Balancer>();
        declaration
                .upstreams()
                .forEach(upstream ->
                        balancers.put(upstream.name(), new Balancer(upstream, resolver, timer)));
        var gateway =
                new Gateway(
                        settings,
                        new Router(declaration.routes()),
                        plugins,
                        resolver,
                        balancers,
                        new Upstreams(pool));
        return new Serving(gateway, List.copyOf(balancers.values()));
    }

    /** Serves another kong.yml from the next request on; those under way end as they began. */
    public void reload(Declaration declaration, RequestPlugins plugins) {
        var before = serving;
        serving = serving(declaration, plugins);
        before.balancers().forEach(Balancer::close);
    }

    private int connections() {
        return proxies.stream().mapToInt(Listener::connections).sum();
    }

    /** Begins to serve. */
    public void start() {
        statuses.forEach(Listener::start);
        proxies.forEach(Listener::start);
    }

    /** The ports of the proxy's listeners, in their order. */
    public List<Integer> proxyPorts() {
        return proxies.stream().map(Listener::port).toList();
    }

    /** The ports of the status listeners, in their order. */
    public List<Integer> statusPorts() {
        return statuses.stream().map(Listener::port).toList();
    }

    /** Lets requests under way end, for a bounded time, and takes no new ones. */
    public void stop() throws IOException, InterruptedException {
        for (var listener : proxies) {
            listener.stopAccepting();
        }
        long deadline = System.nanoTime() + DRAIN.toNanos();
        while (!proxies.stream().allMatch(Listener::idle) && System.nanoTime() < deadline) {
            Thread.sleep(20);
        }
        proxies.forEach(Listener::closeAll);
        for (var listener : statuses) {
            listener.stopAccepting();
            listener.closeAll();
        }
        serving.balancers().forEach(Balancer::close);
        pool.close();
        timer.shutdownNow();
    }
}
