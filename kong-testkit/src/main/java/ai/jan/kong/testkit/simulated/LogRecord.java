// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import ai.jan.kong.pdk.message.ListValue;
import ai.jan.kong.pdk.message.Struct;
import ai.jan.kong.pdk.message.Value;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/** What {@code kong.log.serialize} tells of a request. */
final class LogRecord {
    private static final Set<String> SECRET = Set.of("authorization", "proxy-authorization");

    private LogRecord() {}

    static String of(Exchange exchange) {
        var log = JsonNodeFactory.instance.objectNode();
        request(exchange, log.putObject("request"));
        response(exchange, log.putObject("response"));
        log.putObject("latencies")
                .put("kong", 1)
                .put("proxy", 1)
                .put("request", 2)
                .put("receive", 0);
        log.put("client_ip", exchange.clientIp)
                .put("started_at", exchange.startedAt)
                .put("source", exchange.answered.isPresent() ? "upstream" : "kong")
                .put("workspace", Entities.WORKSPACE)
                .put("workspace_name", "default");
        if (exchange.answered.isPresent()) {
            int status = exchange.answered.get().status();
            if (exchange.buffered) {
                log.put("upstream_status", status);
            } else {
                log.put("upstream_status", String.valueOf(status));
            }
        } else {
            log.put("upstream_status", "");
        }
        log.put("upstream_uri", exchange.forwarded.map(UpstreamRequest::target).orElse(""));
        if (exchange.route().isPresent()) {
            log.putArray("tries").addObject().put("balancer_latency", 0);
        }
        entities(exchange, log);
        exchange.serialized.forEach((key, value) -> put(log, key, value));
        return log.toString();
    }

    private static void request(Exchange exchange, ObjectNode request) {
        request.put("id", exchange.id)
                .put("method", exchange.method)
                .put("uri", exchange.rawTarget())
                .put(
                        "url",
                        exchange.requestScheme()
                                + "://"
                                + RequestCalls.host(exchange)
                                + ":"
                                + exchange.port()
                                + exchange.rawTarget())
                .put("size", exchange.rawTarget().length() + 40);
        request.set("querystring", json(RequestCalls.query(exchange.query, 100)));
        request.set("headers", headers(exchange.headers));
        if (exchange.request.tls()) {
            request.putObject("tls")
                    .put("version", "TLSv1.3")
                    .put("cipher", "TLS_AES_256_GCM_SHA384")
                    .put("client_verify", "NONE");
        }
    }

    private static void response(Exchange exchange, ObjectNode response) {
        response.put("status", exchange.status).put("size", 300);
        response.set("headers", headers(exchange.response));
    }

    private static void entities(Exchange exchange, ObjectNode log) {
        exchange.route().ifPresent(route -> log.set("route", json(route)));
        exchange.service().ifPresent(service -> log.set("service", json(service)));
        exchange.entity("authenticated_consumer")
                .ifPresent(consumer -> log.set("consumer", json(consumer)));
        exchange.entity("authenticated_credential")
                .ifPresent(credential -> {
                    var entity = log.putObject("authenticated_entity");
                    entity.put("id", Entities.text(credential, "id"));
                });
    }

    private static ObjectNode headers(HeaderLines headers) {
        var table = json(headers.table(RequestCalls.DEFAULT_LIMIT));
        SECRET.forEach(name -> {
            if (table.has(name)) {
                table.put(name, "REDACTED");
            }
        });
        return table;
    }

    private static ObjectNode json(Struct table) {
        var node = JsonNodeFactory.instance.objectNode();
        table.fields().forEach((name, value) -> node.set(name, json(value)));
        return node;
    }

    /** Whole numbers are written as such; an empty list is an empty table. */
    private static JsonNode json(Value value) {
        var nodes = JsonNodeFactory.instance;
        return switch (value) {
            case Value.Nil _ -> nodes.nullNode();
            case Value.Text(var text) -> nodes.textNode(text);
            case Value.Flag(var set) -> nodes.booleanNode(set);
            case Value.Num(var number) ->
                    number == Math.rint(number) && Math.abs(number) < 1e15
                            ? nodes.numberNode((long) number)
                            : nodes.numberNode(number);
            case Struct table -> json(table);
            case ListValue(var values) -> {
                if (values.isEmpty()) {
                    yield nodes.objectNode();
                }
                var list = nodes.arrayNode();
                values.forEach(item -> list.add(json(item)));
                yield list;
            }
        };
    }

    /** A key with dots makes tables in tables. */
    private static void put(ObjectNode log, String key, Value value) {
        var parts = key.split("\\.", -1);
        var at = log;
        for (int i = 0; i + 1 < parts.length; i++) {
            at = at.get(parts[i]) instanceof ObjectNode table ? table : at.putObject(parts[i]);
        }
        var last = parts[parts.length - 1];
        if (value instanceof Value.Nil) {
            at.remove(last);
        } else {
            at.set(last, json(value));
        }
    }
}
