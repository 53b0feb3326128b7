// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.plugins;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.jan.gateway.config.PluginEntity;
import ai.jan.gateway.proxy.Answer;
import ai.jan.gateway.proxy.Exchange;
import ai.jan.gateway.proxy.Headers;
import ai.jan.kit.json.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Answers every request, or those with a certain header or query argument, by itself. */
final class RequestTermination implements BundledPlugin {
    static final String SCHEMA =
            """
            {"name": "request-termination", "fields": [
              {"config": {"type": "record", "fields": [
                {"status_code": {"type": "integer", "required": true, "default": 503,
                  "between": [100, 599]}},
                {"message": {"type": "string"}},
                {"content_type": {"type": "string"}},
                {"body": {"type": "string"}},
                {"echo": {"type": "boolean", "required": true, "default": false}},
                {"trigger": {"type": "string"}}
              ]}}
            ]}\
            """;

    @JsonNaming(SnakeCaseStrategy.class)
    record Config(
            int statusCode,
            @Nullable String message,
            @Nullable String contentType,
            @Nullable String body,
            boolean echo,
            @Nullable String trigger) {}

    private final Config config;

    private RequestTermination(Config config) {
        this.config = config;
    }

    static RequestTermination of(PluginEntity entity) throws JsonProcessingException {
        return new RequestTermination(Json.read(entity.config(), Config.class));
    }

    @Override
    public Optional<Answer> access(Exchange exchange) throws IOException {
        if (config.trigger() != null && !triggered(exchange, config.trigger())) {
            return Optional.empty();
        }
        if (config.echo()) {
            return Optional.of(json(echo(exchange)));
        }
        if (config.body() != null) {
            var headers = new Headers();
            if (config.contentType() != null) {
                headers.add("Content-Type", config.contentType());
            }
            return Optional.of(
                    new Answer.Exit(config.statusCode(), headers, config.body().getBytes(UTF_8)));
        }
        return Optional.of(
                config.statusCode() == 204
                        ? new Answer.Exit(204, new Headers(), new byte[0])
                        : json(Map.of("message", message())));
    }

    private String message() {
        if (config.message() != null) {
            return config.message();
        }
        return switch (config.statusCode()) {
            case 401 -> "Unauthorized";
            case 404 -> "Not found";
            case 405 -> "Method not allowed";
            case 500 -> "An unexpected error occurred";
            case 502 -> "Bad Gateway";
            case 503 -> "Service unavailable";
            default -> "";
        };
    }

    private static boolean triggered(Exchange exchange, String trigger) {
        return exchange.headers().has(trigger)
                || Query.parse(exchange.query(), Query.MOST).stream()
                        .anyMatch(argument -> argument.name().equals(trigger));
    }

    private Answer json(Object body) {
        var headers = new Headers().add("Content-Type", "application/json; charset=utf-8");
        return new Answer.Exit(config.statusCode(), headers, Json.bytes(body));
    }

    private Object echo(Exchange exchange) throws IOException {
        var request = Json.object();
        request.put("method", exchange.method())
                .put("scheme", exchange.client().scheme())
                .put("host", exchange.host())
                .put("port", exchange.client().serverPort())
                .put("path", exchange.path())
                .put("raw_body", Texts.fromBytes(exchange.bodyBytes().orElse(new byte[0])));
        var headers = request.putObject("headers");
        exchange.headers()
                .lines()
                .forEach(line -> headers.put(line.name(), Texts.java(line.value())));
        var answer = Json.object().put("message", message());
        answer.set("request", request);
        exchange.match()
                .ifPresent(match ->
                        answer.putObject("matched_route").put("name", match.route().name()));
        exchange.service()
                .ifPresent(
                        service -> answer.putObject("matched_service").put("name", service.name()));
        return answer;
    }
}
