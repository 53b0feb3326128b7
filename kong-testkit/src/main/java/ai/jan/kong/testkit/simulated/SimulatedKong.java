// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.Plugin;
import ai.jan.kong.pdk.PluginDefinition;
import ai.jan.kong.pdk.PluginDump;
import ai.jan.kong.pdk.message.Struct;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Kong in memory, with one route: takes requests through the phases of all plugins, in the order of
 * their priorities, to a service that is a function. Strict as Kong is: a call in the wrong phase,
 * a refused argument, a value that cannot be sent fail the event as they do there.
 *
 * <pre>{@code
 * var kong = SimulatedKong.builder()
 *         .plugin(HeaderPlugin.DEFINITION, new HeaderPlugin.Config("X-Hello"))
 *         .upstream(request -> SimulatedResponse.json(200, "{}"))
 *         .build();
 * kong.send(SimulatedRequest.get("/v1/models"))
 *         .hasStatus(200)
 *         .upstreamHasHeader("X-Hello", "world")
 *         .needsRoundTrips(1);
 * }</pre>
 *
 * One request at a time. What it does not have: routing, balancing, TLS handshakes, the stream
 * subsystem, Kong's own plugins.
 */
public final class SimulatedKong {
    private final Settings settings;
    private final List<SimulatedPlugin> plugins;
    private final Upstream upstream;

    private SimulatedKong(Settings settings, List<SimulatedPlugin> plugins, Upstream upstream) {
        this.settings = settings;
        this.plugins = plugins;
        this.upstream = upstream;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Takes a request through all phases, log included. */
    public SimulatedExchange send(SimulatedRequest request) {
        var exchange = new Exchange(settings, request);
        try {
            return new Lifecycle(plugins, upstream, exchange).run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in the middle of a request", e);
        } finally {
            exchange.end();
        }
    }

    /** What a simulated Kong is made of. Entities are JSON objects as in {@code kong.yml}. */
    public static final class Builder {
        private final List<SimulatedPlugin> plugins = new ArrayList<>();
        private final List<Struct> consumers = new ArrayList<>();
        private final Map<String, String> upstreams = new HashMap<>();
        private Optional<String> route = Optional.of("{\"name\":\"route\",\"paths\":[\"/\"]}");
        private Optional<Struct> service =
                Optional.of(Entities.service("{\"name\":\"service\",\"host\":\"service.test\"}"));
        private Optional<Struct> consumer = Optional.empty();
        private Optional<Struct> credential = Optional.empty();
        private TrustedProxies trusted = TrustedProxies.NONE;
        private Upstream upstream = _ -> SimulatedResponse.of(200, "");
        private int port = 8000;
        private int tlsPort = 8443;
        private int bodyBuffer = 8192;
        private Path bodies = Path.of(System.getProperty("java.io.tmpdir"));

        private Builder() {}

        /** The route that all requests match; its defaults are Kong's. */
        public Builder route(String json) {
            route = Optional.of(json);
            return this;
        }

        /** No route matches: the client gets 404. */
        public Builder withoutRoute() {
            route = Optional.empty();
            return this;
        }

        /** The service behind the route; its defaults are Kong's. */
        public Builder service(String json) {
            service = Optional.of(Entities.service(json));
            return this;
        }

        /** The route has no service: the client gets 503. */
        public Builder withoutService() {
            service = Optional.empty();
            return this;
        }

        /** One more consumer that can be loaded. */
        public Builder consumer(String json) {
            consumers.add(Entities.consumer(json));
            return this;
        }

        /**
         * Who is already authenticated when access begins, as by one of Kong's plugins.
         *
         * @param consumerJson a consumer, which can be loaded, too
         * @param credentialJson empty for none
         */
        public Builder authenticated(String consumerJson, Optional<String> credentialJson) {
            var entity = Entities.consumer(consumerJson);
            consumers.add(entity);
            consumer = Optional.of(entity);
            credential = credentialJson.map(Entities::credential);
            return this;
        }

        /**
         * An upstream entity, which {@code kong.service.set_upstream} finds, or a service's host.
         *
         * @param address of its only target, as {@code host:port}
         */
        public Builder upstreamEntity(String name, String address) {
            upstreams.put(name, address);
            return this;
        }

        /**
         * Kong's {@code trusted_ips}.
         *
         * @param blocks addresses, or networks such as {@code 10.0.0.0/8}
         */
        public Builder trusting(String... blocks) {
            trusted =
                    new TrustedProxies(
                            List.of(blocks), trusted.realIpHeader(), trusted.recursive());
            return this;
        }

        /** Kong's {@code real_ip_header} and {@code real_ip_recursive}. */
        public Builder realIp(String header, boolean recursive) {
            trusted = new TrustedProxies(trusted.blocks(), header, recursive);
            return this;
        }

        /** Kong's own ports, 8000 and 8443 if not set. */
        public Builder ports(int plain, int tls) {
            port = plain;
            tlsPort = tls;
            return this;
        }

        /**
         * Kong's {@code nginx_http_client_body_buffer_size}, 8192 if not set. A body that is longer
         * by more than a quarter comes in a file.
         */
        public Builder bodyBuffer(int bytes) {
            bodyBuffer = bytes;
            return this;
        }

        /** Where long bodies are kept for the time of a request; else in the system's own place. */
        public Builder bodiesIn(Path directory) {
            bodies = directory;
            return this;
        }

        /** What the service answers; an empty 200 if not set. */
        public Builder upstream(Upstream service) {
            upstream = service;
            return this;
        }

        /** A plugin for all requests, with a configuration. */
        public <C extends Record, P extends Plugin> Builder plugin(
                PluginDefinition<C, P> definition, C config) {
            return plugin(
                    definition.name(),
                    definition.priority(),
                    PluginDump.of(definition).phases(),
                    new InMemoryPlugin(definition.name(), definition.factory().apply(config)));
        }

        /** A plugin object for all requests; its phases are the methods it overrides. */
        public Builder plugin(String name, int priority, Plugin plugin) {
            return plugin(
                    name,
                    priority,
                    PluginDump.phases(plugin.getClass()),
                    new InMemoryPlugin(name, plugin));
        }

        /** A plugin that runs elsewhere, such as behind a socket, or stands for one of Kong's. */
        public Builder plugin(
                String name, int priority, Iterable<Phase> phases, EventRunner runner) {
            var set = EnumSet.noneOf(Phase.class);
            phases.forEach(set::add);
            plugins.add(new SimulatedPlugin(name, priority, set, runner));
            return this;
        }

        public SimulatedKong build() {
            var ordered =
                    plugins.stream()
                            .sorted(
                                    Comparator.comparingInt(SimulatedPlugin::priority)
                                            .thenComparing(SimulatedPlugin::name)
                                            .reversed())
                            .toList();
            var serviceId = service.map(entity -> Entities.text(entity, "id")).orElse("");
            return new SimulatedKong(
                    new Settings(
                            route.map(json -> Entities.route(json, serviceId)),
                            service,
                            List.copyOf(consumers),
                            consumer,
                            credential,
                            Map.copyOf(upstreams),
                            trusted,
                            port,
                            tlsPort,
                            bodyBuffer,
                            bodies,
                            UUID.randomUUID().toString()),
                    ordered,
                    upstream);
        }
    }
}
