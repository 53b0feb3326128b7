// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import ai.jan.kong.pdk.Bytes;
import ai.jan.kong.pdk.KongText;
import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.message.Kv;
import ai.jan.kong.pdk.message.Value;
import ai.jan.kong.pdk.wire.PdkMethods;
import ai.jan.kong.testkit.EventOutcome;
import ai.jan.kong.testkit.LuaError;
import ai.jan.kong.testkit.PdkHost;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A recorded request and the Kong that it was sent to. */
record RecordedContext(JsonNode record) {
    /** Kong with the routes and consumers of the context, and the plugin that was recorded. */
    SimulatedKong.Builder kong(EventRunner recorded) {
        var builder = kongWithoutPlugin();
        bundled(builder);
        boolean buffers =
                record.path("config").path("plugins").path(0).path("name").asText().equals("rec");
        var phases =
                buffers
                        ? List.of(Phase.REWRITE, Phase.ACCESS, Phase.RESPONSE, Phase.LOG)
                        : List.of(Phase.REWRITE, Phase.ACCESS, Phase.LOG);
        return builder.plugin("rec", 900, phases, recorded);
    }

    /** Kong with the routes and consumers of the context. */
    SimulatedKong.Builder kongWithoutPlugin() {
        var builder =
                SimulatedKong.builder()
                        .ports(28_010, 28_453)
                        .upstreamEntity("pool", "127.0.0.1:29102")
                        .upstreamEntity("pool2", "127.0.0.1:29102")
                        .upstream(new EchoUpstream());
        settings(builder);
        entities(builder);
        return builder;
    }

    private void settings(SimulatedKong.Builder builder) {
        var conf = record.path("conf");
        if (conf.has("trusted_ips")) {
            builder.trusting(conf.path("trusted_ips").asText());
        }
        if (conf.has("real_ip_header")) {
            builder.realIp(
                    conf.path("real_ip_header").asText(),
                    conf.path("real_ip_recursive").asText().equals("on"));
        }
        if (conf.path("nginx_http_client_body_buffer_size").asText().equals("1m")) {
            builder.bodyBuffer(1 << 20);
        }
    }

    private void entities(SimulatedKong.Builder builder) {
        var config = record.path("config");
        var service = config.path("services").path(0);
        builder.withoutService();
        if (service.isObject()) {
            builder.service(service(service));
        }
        var target = record.path("request_line").asText().split(" ", -1)[1];
        if (target.equals("/none")) {
            builder.withoutRoute();
        } else {
            builder.route(((ObjectNode) route()).deepCopy().without("plugins").toString());
        }
        for (var consumer : config.path("consumers")) {
            builder.consumer(consumer(consumer));
        }
    }

    private JsonNode route() {
        var config = record.path("config");
        var service = config.path("services").path(0);
        return service.isObject() ? service.path("routes").path(0) : config.path("routes").path(0);
    }

    private void bundled(SimulatedKong.Builder builder) {
        for (var plugin : route().path("plugins")) {
            bundled(builder, plugin, record.path("config"));
        }
    }

    private static String service(JsonNode service) {
        ObjectNode entity = service.deepCopy();
        entity.remove("routes");
        if (entity.has("url")) {
            var url = URI.create(entity.remove("url").asText());
            entity.put("protocol", url.getScheme()).put("host", url.getHost());
            entity.put("port", url.getPort());
            if (!url.getPath().isEmpty()) {
                entity.put("path", url.getPath());
            }
        }
        return entity.toString();
    }

    private static String consumer(JsonNode consumer) {
        ObjectNode entity = consumer.deepCopy();
        return entity.without(List.of("keyauth_credentials", "jwt_secrets")).toString();
    }

    /** What Kong's own plugins did to these requests. */
    private void bundled(SimulatedKong.Builder builder, JsonNode plugin, JsonNode config) {
        switch (plugin.path("name").asText()) {
            case "request-termination" ->
                    builder.plugin(
                            "request-termination",
                            2,
                            List.of(Phase.ACCESS),
                            (_, _) -> exit(403, "{\"message\":\"no\"}", Map.of()));
            case "key-auth", "jwt" -> authenticated(builder, plugin, config);
            default -> throw new AssertionError("a plugin without a stand-in: " + plugin);
        }
    }

    private void authenticated(SimulatedKong.Builder builder, JsonNode plugin, JsonNode config) {
        if (record.path("context").asText().equals("auth-401")) {
            var body = "{\n  \"message\":\"No API key found in request\",\n  \"request_id\":\"";
            builder.plugin(
                    "auth",
                    1250,
                    List.of(Phase.ACCESS),
                    (_, _) ->
                            exit(
                                    401,
                                    body + "0".repeat(32) + "\"\n}",
                                    Map.of("WWW-Authenticate", List.of("Key"))));
            return;
        }
        boolean anonymous = plugin.path("config").has("anonymous");
        JsonNode consumer = config.path("consumers").path(0);
        for (var other : config.path("consumers")) {
            if (anonymous && other.path("username").asText().equals("anon")) {
                consumer = other;
            }
        }
        var found = consumer;
        var credential = anonymous ? Optional.<JsonNode>empty() : credential(found);
        builder.authenticated(consumer(found), credential.map(JsonNode::toString));
        builder.plugin(
                "auth",
                1250,
                List.of(Phase.ACCESS),
                (_, host) -> tellService(host, found, credential, anonymous));
    }

    private static Optional<JsonNode> credential(JsonNode consumer) {
        for (var kind : List.of("keyauth_credentials", "jwt_secrets")) {
            if (consumer.path(kind).has(0)) {
                ObjectNode entity = consumer.path(kind).path(0).deepCopy();
                entity.putObject("consumer").put("id", consumer.path("id").asText());
                return Optional.of(entity);
            }
        }
        return Optional.empty();
    }

    private static EventOutcome tellService(
            PdkHost host, JsonNode consumer, Optional<JsonNode> credential, boolean anonymous) {
        set(host, "X-Consumer-ID", consumer.path("id").asText());
        set(host, "X-Consumer-Username", consumer.path("username").asText());
        if (consumer.has("custom_id")) {
            set(host, "X-Consumer-Custom-ID", consumer.path("custom_id").asText());
        }
        credential.ifPresent(entity ->
                set(
                        host,
                        "X-Credential-Identifier",
                        entity.has("algorithm")
                                ? entity.path("key").asText()
                                : entity.path("id").asText()));
        if (anonymous) {
            set(host, "X-Anonymous-Consumer", "true");
        }
        return new EventOutcome.Completed();
    }

    private static void set(PdkHost host, String name, String value) {
        try {
            host.call(PdkMethods.SERVICE_REQUEST_SET_HEADER, new Kv(name, new Value.Text(value)));
        } catch (LuaError e) {
            throw new AssertionError(e);
        }
    }

    private static EventOutcome exit(int status, String body, Map<String, List<String>> more) {
        var headers = new LinkedHashMap<>(more);
        headers.put("Content-Type", List.of("application/json; charset=utf-8"));
        return new EventOutcome.Exited(status, Bytes.utf8(body), headers);
    }

    SimulatedRequest request() {
        var line = record.path("request_line").asText().split(" ", -1);
        var request =
                SimulatedRequest.of(line[0], text(line[1]))
                        .withVersion(Double.parseDouble(line[2].substring("HTTP/".length())))
                        .from("127.0.0.1", 40_000);
        var body = body();
        if (body.isPresent()) {
            request =
                    record.path("body_parts").isArray()
                            ? request.withChunkedBody(body.get(), parts().length())
                            : request.withBody(body.get());
        }
        for (var header : record.path("headers")) {
            var name = header.get(0).asText();
            if (name.equalsIgnoreCase("Transfer-Encoding")) {
                continue;
            }
            if (!name.equalsIgnoreCase("Content-Length")) {
                request = request.withHeader(name, text(header.get(1).asText()));
            } else if (body.isEmpty()) {
                request = request.withBody(Bytes.EMPTY);
            }
        }
        if (record.path("note").asText().startsWith("second request on a keep-alive connection")) {
            request = request.asRequest(2);
        }
        return record.path("tls").asBoolean() ? request.withTls() : request;
    }

    private static String text(String latin1) {
        return KongText.decode(latin1.getBytes(ISO_8859_1));
    }

    private Optional<Bytes> body() {
        var spec = record.path("body_spec");
        if (record.has("body_parts") && record.path("body_parts").isArray()) {
            return Optional.of(Bytes.of(dechunked(parts()).getBytes(ISO_8859_1)));
        }
        if (spec.isTextual()) {
            return Optional.of(Bytes.utf8(spec.asText()));
        }
        if (spec.has("hex")) {
            return Optional.of(Bytes.of(HexFormat.of().parseHex(spec.path("hex").asText())));
        }
        if (spec.has("repeat")) {
            int size = spec.path("size").asInt();
            var unit = spec.path("repeat").asText();
            return Optional.of(
                    Bytes.utf8(unit.repeat(size / unit.length() + 1).substring(0, size)));
        }
        return Optional.empty();
    }

    private String parts() {
        var raw = new StringBuilder();
        record.path("body_parts").forEach(part -> raw.append(part.get(0).asText()));
        return raw.toString();
    }

    private static String dechunked(String raw) {
        var body = new StringBuilder();
        int at = 0;
        while (at < raw.length()) {
            int end = raw.indexOf("\r\n", at);
            int size = Integer.parseInt(raw.substring(at, end).replaceFirst(";.*", ""), 16);
            body.append(raw, end + 2, end + 2 + size);
            at = end + 2 + size + 2;
            if (size == 0) {
                break;
            }
        }
        return body.toString();
    }
}
