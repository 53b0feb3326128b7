// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import ai.jan.kong.pdk.message.AuthenticatedCredential;
import ai.jan.kong.pdk.message.Consumer;
import ai.jan.kong.pdk.message.ListValue;
import ai.jan.kong.pdk.message.Route;
import ai.jan.kong.pdk.message.Service;
import ai.jan.kong.pdk.message.ServiceKey;
import ai.jan.kong.pdk.message.Struct;
import ai.jan.kong.pdk.message.Value;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Kong's entities: whole ones as tables, and what the protocol's messages have of them. */
final class Entities {
    static final String WORKSPACE = "00000000-0000-4000-8000-00000000d0d0";

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final long CREATED = 1_700_000_000;

    private Entities() {}

    /** A route with Kong's defaults. */
    static Struct route(String json, String serviceId) {
        var fields = entity("routes", json);
        fields.putIfAbsent("protocols", ListValue.of(List.of("http", "https")));
        fields.putIfAbsent("https_redirect_status_code", new Value.Num(426));
        fields.putIfAbsent("regex_priority", new Value.Num(0));
        fields.putIfAbsent("strip_path", new Value.Flag(true));
        fields.putIfAbsent("preserve_host", new Value.Flag(false));
        fields.putIfAbsent("path_handling", new Value.Text("v0"));
        fields.putIfAbsent("request_buffering", new Value.Flag(true));
        fields.putIfAbsent("response_buffering", new Value.Flag(true));
        if (!serviceId.isEmpty()) {
            fields.put("service", Struct.of(Map.of("id", serviceId)));
        }
        return new Struct(fields);
    }

    /** A service with Kong's defaults. */
    static Struct service(String json) {
        var fields = entity("services", json);
        fields.putIfAbsent("protocol", new Value.Text("http"));
        fields.putIfAbsent("port", new Value.Num(80));
        fields.putIfAbsent("retries", new Value.Num(5));
        fields.putIfAbsent("enabled", new Value.Flag(true));
        for (var timeout : List.of("connect_timeout", "read_timeout", "write_timeout")) {
            fields.putIfAbsent(timeout, new Value.Num(60_000));
        }
        return new Struct(fields);
    }

    static Struct consumer(String json) {
        var fields = entity("consumers", json);
        fields.remove("ws_id");
        return new Struct(fields);
    }

    /** Of any kind; it is not known when it was changed. */
    static Struct credential(String json) {
        var fields = entity("credentials", json);
        fields.remove("ws_id");
        fields.remove("updated_at");
        return new Struct(fields);
    }

    private static Map<String, Value> entity(String kind, String json) {
        var fields = new LinkedHashMap<String, Value>();
        parse(json).properties().forEach(field -> fields.put(field.getKey(), value(field)));
        var seed = (kind + fields).getBytes(StandardCharsets.UTF_8);
        fields.putIfAbsent("id", new Value.Text(UUID.nameUUIDFromBytes(seed).toString()));
        fields.putIfAbsent("created_at", new Value.Num(CREATED));
        fields.putIfAbsent("updated_at", new Value.Num(CREATED));
        fields.putIfAbsent("ws_id", new Value.Text(WORKSPACE));
        return fields;
    }

    private static Value value(Map.Entry<String, JsonNode> field) {
        return Value.of(MAPPER.convertValue(field.getValue(), Object.class));
    }

    private static JsonNode parse(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("an entity is a JSON object", e);
        }
    }

    static String text(Struct entity, String field) {
        return entity.fields().get(field) instanceof Value.Text(var text) ? text : "";
    }

    static int number(Struct entity, String field) {
        return entity.fields().get(field) instanceof Value.Num(var number) ? (int) number : 0;
    }

    static boolean flag(Struct entity, String field) {
        return entity.fields().get(field) instanceof Value.Flag(var set) && set;
    }

    static List<String> texts(Struct entity, String field) {
        return entity.fields().get(field) instanceof ListValue(var values)
                ? values.stream()
                        .filter(Value.Text.class::isInstance)
                        .map(value -> ((Value.Text) value).text())
                        .toList()
                : List.of();
    }

    /** Its {@code headers} stay behind, as in Kong. */
    static Route route(Struct route) {
        var service = route.fields().get("service");
        return new Route(
                text(route, "id"),
                number(route, "created_at"),
                number(route, "updated_at"),
                text(route, "name"),
                texts(route, "protocols"),
                texts(route, "methods"),
                texts(route, "hosts"),
                texts(route, "paths"),
                List.of(),
                number(route, "https_redirect_status_code"),
                number(route, "regex_priority"),
                flag(route, "strip_path"),
                flag(route, "preserve_host"),
                texts(route, "snis"),
                List.of(),
                List.of(),
                texts(route, "tags"),
                service instanceof Struct key ? new ServiceKey(text(key, "id")) : null);
    }

    static Service service(Struct service) {
        return new Service(
                text(service, "id"),
                number(service, "created_at"),
                number(service, "updated_at"),
                text(service, "name"),
                number(service, "retries"),
                text(service, "protocol"),
                text(service, "host"),
                number(service, "port"),
                text(service, "path"),
                number(service, "connect_timeout"),
                number(service, "write_timeout"),
                number(service, "read_timeout"),
                texts(service, "tags"),
                null);
    }

    static Consumer consumer(Struct consumer) {
        return new Consumer(
                text(consumer, "id"),
                number(consumer, "created_at"),
                text(consumer, "username"),
                text(consumer, "custom_id"),
                texts(consumer, "tags"));
    }

    /** Credentials of Kong's database have their consumer in a table, which stays behind. */
    static AuthenticatedCredential credential(Struct credential) {
        return new AuthenticatedCredential(text(credential, "id"), text(credential, "consumer_id"));
    }
}
