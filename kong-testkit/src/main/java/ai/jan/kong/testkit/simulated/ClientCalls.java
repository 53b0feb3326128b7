// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.message.AuthenticateArgs;
import ai.jan.kong.pdk.message.AuthenticatedCredential;
import ai.jan.kong.pdk.message.Consumer;
import ai.jan.kong.pdk.message.ConsumerSpec;
import ai.jan.kong.pdk.message.Struct;
import ai.jan.kong.pdk.wire.PdkMethods;
import ai.jan.kong.testkit.LuaError;
import ai.jan.kong.testkit.PdkCalls;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code kong.client}, {@code kong.router}, {@code kong.ip}. */
final class ClientCalls {
    private static final String CONSUMER = "authenticated_consumer";
    private static final String CREDENTIAL = "authenticated_credential";

    private ClientCalls() {}

    static void addTo(PdkCalls.Builder<Exchange> calls) {
        calls.on(PdkMethods.CLIENT_GET_IP, (exchange, _) -> exchange.request.ip())
                .on(PdkMethods.CLIENT_GET_FORWARDED_IP, (exchange, _) -> exchange.clientIp)
                .on(PdkMethods.CLIENT_GET_PORT, (exchange, _) -> exchange.request.port())
                .on(
                        PdkMethods.CLIENT_GET_FORWARDED_PORT,
                        (exchange, _) ->
                                exchange.clientIp.equals(exchange.request.ip())
                                        ? exchange.request.port()
                                        : null)
                .on(
                        PdkMethods.CLIENT_GET_CREDENTIAL,
                        (exchange, _) ->
                                exchange.entity(CREDENTIAL).map(Entities::credential).orElse(null))
                .on(
                        PdkMethods.CLIENT_GET_CONSUMER,
                        (exchange, _) ->
                                exchange.entity(CONSUMER).map(Entities::consumer).orElse(null))
                .on(PdkMethods.CLIENT_LOAD_CONSUMER, ClientCalls::load)
                .run(PdkMethods.CLIENT_AUTHENTICATE, ClientCalls::authenticate)
                .on(PdkMethods.CLIENT_GET_PROTOCOL, ClientCalls::protocol)
                .on(
                        PdkMethods.IP_IS_TRUSTED,
                        (exchange, address) -> exchange.kong.trusted().contains(address))
                .on(
                        PdkMethods.ROUTER_GET_ROUTE,
                        (exchange, _) -> {
                            var route = exchange.route();
                            if (route.isPresent()
                                    && (route.get().fields().containsKey("sources")
                                            || route.get().fields().containsKey("destinations"))) {
                                throw new LuaError("a route with sources or destinations");
                            }
                            return route.map(Entities::route).orElse(null);
                        })
                .on(
                        PdkMethods.ROUTER_GET_SERVICE,
                        (exchange, _) -> exchange.service().map(Entities::service).orElse(null));
    }

    private static @Nullable Consumer load(Exchange exchange, ConsumerSpec wanted) {
        var field = wanted.byUsername() ? "username" : "id";
        return exchange.kong.consumers().stream()
                .filter(consumer -> Entities.text(consumer, field).equals(wanted.id()))
                .findFirst()
                .map(Entities::consumer)
                .orElse(null);
    }

    /** What was not sent is empty, not missing. */
    private static void authenticate(Exchange exchange, AuthenticateArgs who) {
        exchange.ctx.remove(CONSUMER);
        exchange.ctx.remove(CREDENTIAL);
        if (who.consumer() != null) {
            exchange.ctx.put(CONSUMER, table(who.consumer()));
        }
        if (who.credential() != null) {
            exchange.ctx.put(CREDENTIAL, table(who.credential()));
        }
    }

    private static Struct table(Consumer consumer) {
        return Struct.of(
                Map.of(
                        "id",
                        consumer.id(),
                        "created_at",
                        consumer.createdAt(),
                        "username",
                        consumer.username(),
                        "custom_id",
                        consumer.customId(),
                        "tags",
                        consumer.tags()));
    }

    private static Struct table(AuthenticatedCredential credential) {
        return Struct.of(Map.of("id", credential.id(), "consumer_id", credential.consumerId()));
    }

    private static @Nullable String protocol(Exchange exchange, boolean allowTerminated)
            throws LuaError {
        var route = exchange.route();
        if (route.isEmpty()) {
            return null;
        }
        var protocols = Entities.texts(route.get(), "protocols");
        if (protocols.size() == 1) {
            return protocols.getFirst();
        }
        if (exchange.phase == Phase.LOG) {
            throw new LuaError("API disabled in the context of ngx.timer");
        }
        boolean told =
                allowTerminated
                        && exchange.kong.trusted().contains(exchange.request.ip())
                        && exchange.headers
                                .first("X-Forwarded-Proto")
                                .filter("https"::equalsIgnoreCase)
                                .isPresent();
        return told ? "https" : exchange.requestScheme();
    }
}
