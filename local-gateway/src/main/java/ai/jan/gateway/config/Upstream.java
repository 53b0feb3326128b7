// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.config;

import ai.jan.kit.json.Json;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An upstream of kong.yml: the places a service's host stands for.
 *
 * @param hostHeader instead of the target's name
 */
@JsonNaming(SnakeCaseStrategy.class)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Upstream(
        String name,
        String algorithm,
        String hashOn,
        @Nullable String hashOnHeader,
        @Nullable String hostHeader,
        List<Target> targets,
        Healthchecks healthchecks) {
    /** Kong's schema of an upstream, as far as the stand-in serves it. */
    static final String SCHEMA =
            """
            {"fields": [
              {"id": {"type": "string"}},
              {"name": {"type": "string", "required": true}},
              {"tags": {"type": "array", "elements": {"type": "string"}}},
              {"created_at": {"type": "integer"}},
              {"updated_at": {"type": "integer"}},
              {"slots": {"type": "integer", "between": [10, 65536]}},
              {"algorithm": {"type": "string", "default": "round-robin", "one_of":
                ["consistent-hashing", "least-connections", "round-robin", "latency"]}},
              {"hash_on": {"type": "string", "default": "none",
                "one_of": ["none", "consumer", "ip", "header", "path"]}},
              {"hash_on_header": {"type": "string"}},
              {"host_header": {"type": "string"}},
              {"targets": {"type": "array", "default": [], "elements": {"type": "record", "fields": [
                {"target": {"type": "string", "required": true}},
                {"weight": {"type": "integer", "default": 100, "between": [0, 65535]}},
                {"tags": {"type": "array", "elements": {"type": "string"}}}
              ]}}},
              {"healthchecks": {"type": "record", "fields": [
                {"threshold": {"type": "number", "default": 0, "between": [0, 100]}},
                {"active": {"type": "record", "fields": [
                  {"type": {"type": "string", "default": "http", "one_of": ["http", "tcp"]}},
                  {"timeout": {"type": "number", "default": 1, "between": [0, 65535]}},
                  {"http_path": {"type": "string", "default": "/", "starts_with": "/"}},
                  {"healthy": {"type": "record", "fields": [
                    {"interval": {"type": "number", "default": 0, "between": [0, 65535]}},
                    {"successes": {"type": "integer", "default": 0, "between": [0, 255]}},
                    {"http_statuses": {"type": "array", "default": [200, 302],
                      "elements": {"type": "integer", "between": [100, 999]}}}
                  ]}},
                  {"unhealthy": {"type": "record", "fields": [
                    {"interval": {"type": "number", "default": 0, "between": [0, 65535]}},
                    {"http_failures": {"type": "integer", "default": 0, "between": [0, 255]}},
                    {"tcp_failures": {"type": "integer", "default": 0, "between": [0, 255]}},
                    {"timeouts": {"type": "integer", "default": 0, "between": [0, 255]}},
                    {"http_statuses": {"type": "array",
                      "default": [429, 404, 500, 501, 502, 503, 504, 505],
                      "elements": {"type": "integer", "between": [100, 999]}}}
                  ]}}
                ]}},
                {"passive": {"type": "record", "fields": [
                  {"type": {"type": "string", "default": "http",
                    "one_of": ["http", "https", "tcp"]}},
                  {"healthy": {"type": "record", "fields": [
                    {"successes": {"type": "integer", "default": 0, "between": [0, 255]}},
                    {"http_statuses": {"type": "array", "default": [200, 201, 202, 203, 204, 205,
                      206, 207, 208, 226, 300, 301, 302, 303, 304, 305, 306, 307, 308],
                      "elements": {"type": "integer", "between": [100, 999]}}}
                  ]}},
                  {"unhealthy": {"type": "record", "fields": [
                    {"http_failures": {"type": "integer", "default": 0, "between": [0, 255]}},
                    {"tcp_failures": {"type": "integer", "default": 0, "between": [0, 255]}},
                    {"timeouts": {"type": "integer", "default": 0, "between": [0, 255]}},
                    {"http_statuses": {"type": "array", "default": [429, 500, 503],
                      "elements": {"type": "integer", "between": [100, 999]}}}
                  ]}}
                ]}}
              ]}}
            ],
            "entity_checks": [{"conditional": {"if_field": "hash_on", "if_match": {"eq": "header"},
              "then_field": "hash_on_header", "then_match": {"required": true}}}]}\
            """;

    private static final Pattern ADDRESS =
            Pattern.compile("[0-9.]+|\\[[0-9A-Fa-f:]+]|[0-9A-Fa-f]*:[0-9A-Fa-f:]*:[0-9A-Fa-f.]*");
    private static final Pattern TARGET =
            Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+)(:\\d{1,5})?");

    /** Reads an upstream; nothing, with problems noted, if it is not valid. */
    static Optional<Upstream> read(Fields fields, Schema schema) {
        try {
            int before = fields.problems().size();
            var json =
                    schema.record(fields.at(""), Json.parse(SCHEMA), fields.json("").orElse(null));
            if (fields.problems().size() > before) {
                return Optional.empty();
            }
            var upstream = Json.read(json, Upstream.class);
            upstream.check(fields);
            return Optional.of(upstream);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a valid upstream does not fit its type", e);
        }
    }

    private void check(Fields fields) {
        if (ADDRESS.matcher(name).matches()) {
            fields.wrong("name", "Invalid name ('" + name + "'); no ip addresses allowed");
        } else if (name.contains(":")) {
            fields.wrong("name", "Invalid name ('" + name + "'); no port allowed");
        }
        for (int i = 0; i < targets.size(); i++) {
            var target = targets.get(i).target();
            if (!TARGET.matcher(target).matches()) {
                fields.wrong(
                        "targets[" + i + "].target",
                        "Invalid target ('" + target + "'); not a valid hostname or ip address");
            }
        }
    }

    /** One of the places, {@code host:port}; one with weight 0 is not used. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Target(String target, int weight) {
        public String host() {
            int colon = portColon();
            return colon < 0 ? target : target.substring(0, colon);
        }

        public int port() {
            int colon = portColon();
            return colon < 0 ? 8000 : Integer.parseInt(target.substring(colon + 1));
        }

        private int portColon() {
            int colon = target.lastIndexOf(':');
            return colon > target.lastIndexOf(']') ? colon : -1;
        }
    }

    /**
     * @param threshold the least part of the weight, in percent, that must be healthy
     */
    public record Healthchecks(double threshold, Active active, Passive passive) {}

    /**
     * Requests of Kong's own.
     *
     * @param timeout seconds
     */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Active(
            String type, double timeout, String httpPath, Healthy healthy, Unhealthy unhealthy) {}

    /** What requests of clients tell. */
    public record Passive(String type, Healthy healthy, Unhealthy unhealthy) {}

    /**
     * When a target is healthy again.
     *
     * @param interval seconds between active checks; 0 for none
     * @param successes in a row; 0 for never
     */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Healthy(double interval, int successes, List<Integer> httpStatuses) {}

    /** When a target is no longer healthy; a count of 0 is never. */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Unhealthy(
            double interval,
            int httpFailures,
            int tcpFailures,
            int timeouts,
            List<Integer> httpStatuses) {}
}
