// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.plugins;

import ai.jan.gateway.config.PluginEntity;
import ai.jan.gateway.config.PluginType;
import ai.jan.gateway.proxy.Answer;
import ai.jan.gateway.proxy.Exchange;
import ai.jan.gateway.proxy.Headers;
import ai.jan.gateway.proxy.RequestPlugins;
import ai.jan.kong.pdk.Phase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The configured plugins in their order. Of several configurations of one plugin the most specific
 * that applies to the request is used. Thread-safe.
 */
public final class PluginChain implements RequestPlugins {
    private static final int MOST_LOG_EVENTS = 4096; // nginx's running timers

    private sealed interface Instance {
        record OfBundled(PluginEntity entity, BundledPlugin plugin) implements Instance {}

        record OfExternal(PluginEntity entity, ExternalPlugin plugin) implements Instance {}

        PluginEntity entity();
    }

    private final List<List<Instance>> byPriority;
    private final Runnable requestSeen;
    private final Semaphore logEvents = new Semaphore(MOST_LOG_EVENTS);

    /**
     * @param bundled makes a bundled plugin
     * @param external makes what runs an external plugin
     * @param requestSeen is told of each request at its end
     */
    PluginChain(
            List<PluginEntity> entities,
            Function<PluginEntity, BundledPlugin> bundled,
            Function<PluginEntity, ExternalPlugin> external,
            Runnable requestSeen) {
        this.requestSeen = requestSeen;
        var sorted = new ArrayList<>(entities);
        sorted.sort(
                Comparator.<PluginEntity>comparingInt(entity -> entity.type().priority())
                        .thenComparing(PluginEntity::name)
                        .reversed()
                        .thenComparing(
                                entity -> specificity(entity.scope()), Comparator.reverseOrder()));
        Map<String, List<Instance>> byName = new LinkedHashMap<>();
        for (var entity : sorted) {
            byName.computeIfAbsent(entity.name(), _ -> new ArrayList<>())
                    .add(
                            switch (entity.type()) {
                                case PluginType.Bundled _ ->
                                        new Instance.OfBundled(entity, bundled.apply(entity));
                                case PluginType.External _ ->
                                        new Instance.OfExternal(entity, external.apply(entity));
                            });
        }
        byPriority = List.copyOf(byName.values());
    }

    /** A consumer weighs more than a route, which weighs more than a service. */
    static int specificity(PluginEntity.Scope scope) {
        int both = scope.route().isPresent() && scope.service().isPresent() ? 1 : 0;
        int kinds =
                (scope.consumer().isPresent() ? 1 : 0)
                        + (scope.route().isPresent() ? 1 : 0)
                        + (scope.service().isPresent() ? 1 : 0);
        return kinds * 8
                + (scope.consumer().isPresent() ? 4 : 0)
                + (scope.route().isPresent() ? 2 : 0)
                + both;
    }

    private Optional<Instance> of(List<Instance> instances, Exchange exchange) {
        for (var instance : instances) {
            if (applies(instance.entity(), exchange)) {
                return Optional.of(instance);
            }
        }
        return Optional.empty();
    }

    private static boolean applies(PluginEntity entity, Exchange exchange) {
        var scope = entity.scope();
        return entity.protocols().contains(exchange.client().scheme())
                && fits(scope.route(), exchange.match().map(match -> match.route().id()))
                && fits(scope.service(), exchange.service().map(service -> service.id()))
                && fits(scope.consumer(), exchange.consumer().map(consumer -> consumer.id()));
    }

    private static boolean fits(Optional<String> wanted, Optional<String> actual) {
        return wanted.isEmpty() || wanted.equals(actual);
    }

    @Override
    public Optional<Answer> rewrite(Exchange exchange) throws InterruptedException {
        return external(Phase.REWRITE, exchange);
    }

    @Override
    public Optional<Answer> access(Exchange exchange) throws IOException, InterruptedException {
        for (var instances : byPriority) {
            var answer =
                    switch (of(instances, exchange).orElse(null)) {
                        case null -> Optional.<Answer>empty();
                        case Instance.OfBundled(_, var plugin) -> plugin.access(exchange);
                        case Instance.OfExternal(_, var plugin) ->
                                plugin.takesPart(Phase.ACCESS)
                                        ? plugin.run(Phase.ACCESS, exchange)
                                        : Optional.<Answer>empty();
                    };
            if (answer.isPresent()) {
                return answer;
            }
        }
        return Optional.empty();
    }

    @Override
    public void header(Exchange exchange, Headers response) {
        for (var instances : byPriority) {
            if (of(instances, exchange).orElse(null) instanceof Instance.OfBundled(_, var plugin)) {
                plugin.header(exchange, response);
            }
        }
    }

    @Override
    public boolean buffersResponse(Exchange exchange) {
        return inPhase(Phase.RESPONSE, exchange).findFirst().isPresent();
    }

    @Override
    public Optional<Answer> response(Exchange exchange) throws InterruptedException {
        return external(Phase.RESPONSE, exchange);
    }

    private Optional<Answer> external(Phase phase, Exchange exchange) throws InterruptedException {
        for (var plugin : inPhase(phase, exchange).toList()) {
            var answer = plugin.run(phase, exchange);
            if (answer.isPresent()) {
                return answer;
            }
        }
        return Optional.empty();
    }

    private Stream<ExternalPlugin> inPhase(Phase phase, Exchange exchange) {
        return byPriority.stream()
                .flatMap(instances -> of(instances, exchange).stream())
                .flatMap(instance ->
                        instance instanceof Instance.OfExternal(_, var plugin)
                                ? Stream.of(plugin)
                                : Stream.empty())
                .filter(plugin -> plugin.takesPart(phase));
    }

    @Override
    public void log(Exchange exchange) {
        requestSeen.run();
        for (var instances : byPriority) {
            if (of(instances, exchange).orElse(null) instanceof Instance.OfBundled(_, var plugin)) {
                plugin.log(exchange);
            }
        }
        inPhase(Phase.LOG, exchange)
                .filter(_ -> logEvents.tryAcquire())
                .forEach(plugin ->
                        Thread.ofVirtual().name("log-phase").start(() -> log(plugin, exchange)));
    }

    private void log(ExternalPlugin plugin, Exchange exchange) {
        try {
            plugin.run(Phase.LOG, exchange);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            logEvents.release();
        }
    }
}
