// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.plugins;

import ai.jan.gateway.config.PluginEntity;
import ai.jan.gateway.proxy.Answer;
import ai.jan.gateway.proxy.Exchange;
import ai.jan.gateway.proxy.Headers;
import ai.jan.kit.json.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Answers preflights and tells browsers which origins may read responses. */
final class Cors implements BundledPlugin {
    static final String SCHEMA =
            """
            {"name": "cors", "fields": [
              {"consumer": {"type": "foreign", "reference": "consumers", "eq": null}},
              {"config": {"type": "record", "fields": [
                {"origins": {"type": "array", "elements": {"type": "string", "is_regex": true}}},
                {"headers": {"type": "array", "elements": {"type": "string"}}},
                {"exposed_headers": {"type": "array", "elements": {"type": "string"}}},
                {"methods": {"type": "array",
                  "default": ["GET", "HEAD", "PUT", "PATCH", "POST", "DELETE", "OPTIONS", "TRACE",
                    "CONNECT"],
                  "elements": {"type": "string", "one_of": ["GET", "HEAD", "PUT", "PATCH", "POST",
                    "DELETE", "OPTIONS", "TRACE", "CONNECT"]}}},
                {"max_age": {"type": "number"}},
                {"credentials": {"type": "boolean", "required": true, "default": false}},
                {"private_network": {"type": "boolean", "required": true, "default": false}},
                {"preflight_continue": {"type": "boolean", "required": true, "default": false}},
                {"allow_origin_absent": {"type": "boolean", "required": true, "default": true}}
              ]}}
            ]}\
            """;

    @JsonNaming(SnakeCaseStrategy.class)
    record Config(
            @Nullable List<String> origins,
            @Nullable List<String> headers,
            @Nullable List<String> exposedHeaders,
            List<String> methods,
            @Nullable Long maxAge,
            boolean credentials,
            boolean privateNetwork,
            boolean preflightContinue,
            boolean allowOriginAbsent) {}

    private static final String ALLOW_ORIGIN = "Access-Control-Allow-Origin";

    private final Config config;
    private final List<String> origins;

    private Cors(Config config) {
        this.config = config;
        this.origins =
                config.origins() == null || config.origins().isEmpty()
                        ? List.of("*")
                        : config.origins();
    }

    static Cors of(PluginEntity entity) throws JsonProcessingException {
        return new Cors(Json.read(entity.config(), Config.class));
    }

    private static boolean preflight(Exchange exchange) {
        return exchange.method().equals("OPTIONS")
                && exchange.headers().has("Origin")
                && exchange.headers().has("Access-Control-Request-Method");
    }

    @Override
    public Optional<Answer> access(Exchange exchange) {
        if (!preflight(exchange) || config.preflightContinue()) {
            return Optional.empty();
        }
        var request = exchange.headers();
        var response = new Headers();
        origin(exchange, response);
        if (config.headers() != null && !config.headers().isEmpty()) {
            response.set("Access-Control-Allow-Headers", String.join(",", config.headers()));
        } else {
            request.first("Access-Control-Request-Headers")
                    .ifPresent(asked -> response.set("Access-Control-Allow-Headers", asked));
        }
        response.set("Access-Control-Allow-Methods", String.join(",", config.methods()));
        if (config.maxAge() != null) {
            response.set("Access-Control-Max-Age", config.maxAge().toString());
        }
        boolean privateAsked =
                request.first("Access-Control-Request-Private-Network")
                        .filter("true"::equals)
                        .isPresent();
        if (config.privateNetwork() && privateAsked) {
            response.set("Access-Control-Allow-Private-Network", "true");
        }
        return Optional.of(new Answer.Exit(200, response, new byte[0]));
    }

    @Override
    public void header(Exchange exchange, Headers response) {
        if (preflight(exchange)) {
            return;
        }
        if (!config.allowOriginAbsent() && !exchange.headers().has("Origin")) {
            return;
        }
        origin(exchange, response);
        if (config.exposedHeaders() != null && !config.exposedHeaders().isEmpty()) {
            response.set(
                    "Access-Control-Expose-Headers", String.join(",", config.exposedHeaders()));
        }
    }

    /** Sets the allowed origin, and that the response depends on it where it does. */
    private void origin(Exchange exchange, Headers response) {
        var origin = exchange.headers().first("Origin");
        boolean any = origins.contains("*");
        if (any) {
            if (config.credentials() && origin.isPresent()) {
                response.set(ALLOW_ORIGIN, origin.get());
                response.add("vary", "Origin");
                response.set("Access-Control-Allow-Credentials", "true");
            } else {
                response.set(ALLOW_ORIGIN, "*");
            }
            return;
        }
        response.add("vary", "Origin");
        var allowed =
                origins.size() == 1 && plain(origins.getFirst())
                        ? Optional.of(origins.getFirst())
                        : origin.filter(this::allows);
        allowed.ifPresentOrElse(
                value -> response.set(ALLOW_ORIGIN, value), () -> response.remove(ALLOW_ORIGIN));
        if (config.credentials()) {
            response.set("Access-Control-Allow-Credentials", "true");
        }
    }

    private boolean allows(String origin) {
        return origins.stream()
                .anyMatch(allowed ->
                        plain(allowed)
                                ? allowed.equals(origin)
                                : Pattern.compile(allowed).matcher(origin).find());
    }

    private static boolean plain(String origin) {
        return origin.matches("[A-Za-z0-9.:/-]+");
    }
}
