// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.proxy;

import ai.jan.gateway.config.Declaration;
import ai.jan.gateway.config.Settings;
import ai.jan.gateway.router.Router;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import javax.net.ssl.SSLSocketFactory;

/** A running gateway: its listeners, and all that serves them. */
public final class Server {
    private static final Duration DRAIN = Duration.ofSeconds(10);

    private final ScheduledThreadPoolExecutor timer;
    private final UpstreamPool pool;
    private final List<Listener> proxies = new ArrayList<>();
    private final List<Listener> statuses = new ArrayList<>();

    /**
     * Binds every address; serves from {@link #start} on.
     *
     * @throws IOException if an address is taken
     */
    public Server(Settings settings, Declaration declaration, RequestPlugins plugins)
            throws IOException {
        timer =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().name("timer").daemon().factory());
        timer.setRemoveOnCancelPolicy(true);
        try {
            pool = new UpstreamPool(Tls.toServices(), timer);
            var gateway =
                    new Gateway(
                            settings,
                            new Router(declaration.routes()),
                            plugins,
                            new Resolver(settings.hostsFile()),
                            new Upstreams(pool));
            for (var listen : settings.proxyListen()) {
                var tls =
                        listen.tls()
                                ? Optional.of(Tls.selfSigned())
                                : Optional.<SSLSocketFactory>empty();
                proxies.add(new Listener(listen, tls, gateway, timer));
            }
            for (var listen : settings.statusListen()) {
                statuses.add(new Listener(listen, Optional.empty(), new StatusApi(), timer));
            }
        } catch (GeneralSecurityException e) {
            throw new IOException("no TLS", e);
        }
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
        pool.close();
        timer.shutdownNow();
    }
}
