// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.plugins;

import ai.jan.gateway.proxy.Exchange;
import ai.jan.kong.pdk.message.Consumer;
import ai.jan.kong.pdk.message.Route;
import ai.jan.kong.pdk.message.Service;
import ai.jan.kong.pdk.message.ServiceKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Entities of the configuration in the form plugins get them. */
final class Entities {
    private Entities() {}

    static @Nullable Route route(Exchange exchange) {
        var match = exchange.match().orElse(null);
        if (match == null) {
            return null;
        }
        var route = match.route();
        return new Route(
                route.id(),
                route.createdAt(),
                route.createdAt(),
                route.name(),
                route.protocols(),
                route.methods(),
                route.hosts(),
                route.paths(),
                List.of(),
                route.httpsRedirectStatusCode(),
                route.regexPriority(),
                route.stripPath(),
                route.preserveHost(),
                List.of(),
                List.of(),
                List.of(),
                route.tags(),
                route.service().map(service -> new ServiceKey(service.id())).orElse(null));
    }

    static @Nullable Service service(Exchange exchange) {
        var service = exchange.service().orElse(null);
        return service == null
                ? null
                : new Service(
                        service.id(),
                        service.createdAt(),
                        service.createdAt(),
                        service.name(),
                        service.retries(),
                        service.protocol(),
                        service.host(),
                        service.port(),
                        service.path(),
                        service.connectTimeout(),
                        service.writeTimeout(),
                        service.readTimeout(),
                        service.tags(),
                        null);
    }

    static Consumer consumer(ai.jan.gateway.config.Consumer consumer) {
        return new Consumer(
                consumer.id(),
                consumer.createdAt(),
                consumer.username(),
                consumer.customId(),
                consumer.tags());
    }

    static ai.jan.gateway.config.Consumer consumer(Consumer consumer) {
        return new ai.jan.gateway.config.Consumer(
                consumer.id(),
                consumer.username(),
                consumer.customId(),
                consumer.tags(),
                consumer.createdAt());
    }
}
