// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.plugins;

import ai.jan.gateway.config.PluginEntity;
import ai.jan.gateway.proxy.Answer;
import ai.jan.gateway.proxy.Exchange;
import ai.jan.kit.json.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.io.IOException;
import java.util.Optional;

/** Refuses requests with a body that is too large. */
final class RequestSizeLimiting implements BundledPlugin {
    static final String SCHEMA =
            """
            {"name": "request-size-limiting", "fields": [
              {"config": {"type": "record", "fields": [
                {"allowed_payload_size": {"type": "integer", "default": 128}},
                {"size_unit": {"type": "string", "required": true, "default": "megabytes",
                  "one_of": ["megabytes", "kilobytes", "bytes"]}},
                {"require_content_length": {"type": "boolean", "required": true,
                  "default": false}}
              ]}}
            ]}\
            """;

    @JsonNaming(SnakeCaseStrategy.class)
    record Config(long allowedPayloadSize, String sizeUnit, boolean requireContentLength) {}

    private final long allowed;
    private final boolean lengthRequired;

    private RequestSizeLimiting(Config config) {
        allowed =
                config.allowedPayloadSize()
                        * switch (config.sizeUnit()) {
                            case "kilobytes" -> 1L << 10;
                            case "bytes" -> 1L;
                            default -> 1L << 20;
                        };
        lengthRequired = config.requireContentLength();
    }

    static RequestSizeLimiting of(PluginEntity entity) throws JsonProcessingException {
        return new RequestSizeLimiting(Json.read(entity.config(), Config.class));
    }

    @Override
    public Optional<Answer> access(Exchange exchange) throws IOException {
        boolean chunked = exchange.announcedLength() < 0;
        boolean announced = exchange.headers().has("Content-Length");
        if (lengthRequired
                && !announced
                && !chunked
                && exchange.method().matches("POST|PUT|PATCH")) {
            return Optional.of(
                    new Answer.KongError(411, "A valid Content-Length header is required"));
        }
        long size = chunked ? exchange.bodySize() : exchange.announcedLength();
        if (size <= allowed) {
            return Optional.empty();
        }
        boolean expects =
                exchange.headers().first("Expect").filter("100-continue"::equals).isPresent();
        return Optional.of(
                new Answer.KongError(expects ? 417 : 413, "Request size limit exceeded"));
    }
}
