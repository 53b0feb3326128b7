// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.plugins;

import ai.jan.gateway.config.PluginEntity;
import ai.jan.gateway.proxy.Answer;
import ai.jan.gateway.proxy.Exchange;
import ai.jan.kit.json.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Counts requests in fixed windows of the clock, in this process (policy local). */
final class RateLimiting implements BundledPlugin {
    static final String SCHEMA =
            """
            {"name": "rate-limiting", "fields": [
              {"config": {"type": "record", "fields": [
                {"second": {"type": "number", "gt": 0}},
                {"minute": {"type": "number", "gt": 0}},
                {"hour": {"type": "number", "gt": 0}},
                {"day": {"type": "number", "gt": 0}},
                {"month": {"type": "number", "gt": 0}},
                {"year": {"type": "number", "gt": 0}},
                {"limit_by": {"type": "string", "default": "consumer",
                  "one_of": ["consumer", "ip", "service", "header", "path"]}},
                {"header_name": {"type": "string"}},
                {"path": {"type": "string", "starts_with": "/"}},
                {"policy": {"type": "string", "default": "local", "one_of": ["local"]}},
                {"fault_tolerant": {"type": "boolean", "required": true, "default": true}},
                {"hide_client_headers": {"type": "boolean", "required": true, "default": false}},
                {"error_code": {"type": "number", "default": 429, "gt": 0}},
                {"error_message": {"type": "string", "default": "API rate limit exceeded"}},
                {"sync_rate": {"type": "number", "required": true, "default": -1}}
              ],
              "entity_checks": [
                {"at_least_one_of": ["second", "minute", "hour", "day", "month", "year"]},
                {"conditional": {"if_field": "limit_by", "if_match": {"eq": "header"},
                  "then_field": "header_name", "then_match": {"required": true}}},
                {"conditional": {"if_field": "limit_by", "if_match": {"eq": "path"},
                  "then_field": "path", "then_match": {"required": true}}}
              ]}}
            ]}\
            """;

    @JsonNaming(SnakeCaseStrategy.class)
    record Config(
            String limitBy,
            @Nullable String headerName,
            @Nullable String path,
            boolean hideClientHeaders,
            int errorCode,
            String errorMessage) {}

    private static final Map<String, ChronoUnit> WINDOWS = windows();
    private static final int MAX_COUNTERS = 100_000;

    private record Key(String subject, String window) {}

    private record Counter(long start, long count) {}

    private final Config config;
    private final Map<String, Long> limits;
    private final Map<Key, Counter> counters = new HashMap<>();

    private RateLimiting(Config config, Map<String, Long> limits) {
        this.config = config;
        this.limits = limits;
    }

    private static Map<String, ChronoUnit> windows() {
        var windows = new LinkedHashMap<String, ChronoUnit>();
        windows.put("Second", ChronoUnit.SECONDS);
        windows.put("Minute", ChronoUnit.MINUTES);
        windows.put("Hour", ChronoUnit.HOURS);
        windows.put("Day", ChronoUnit.DAYS);
        windows.put("Month", ChronoUnit.MONTHS);
        windows.put("Year", ChronoUnit.YEARS);
        return windows;
    }

    static RateLimiting of(PluginEntity entity) throws JsonProcessingException {
        var limits = new LinkedHashMap<String, Long>();
        for (var window : WINDOWS.keySet()) {
            JsonNode limit = entity.config().path(window.toLowerCase(Locale.ROOT));
            if (limit.isNumber()) {
                limits.put(window, limit.longValue());
            }
        }
        return new RateLimiting(Json.read(entity.config(), Config.class), limits);
    }

    @Override
    public Optional<Answer> access(Exchange exchange) {
        var now = Instant.now();
        var used = use(subject(exchange), now);
        String tightest = "";
        long least = Long.MAX_VALUE;
        Optional<String> exceeded = Optional.empty();
        for (var limit : limits.entrySet()) {
            long remaining = limit.getValue() - used.getOrDefault(limit.getKey(), 0L);
            if (remaining < least) {
                least = remaining;
                tightest = limit.getKey();
            }
            if (remaining < 0) {
                exceeded = Optional.of(limit.getKey());
            }
        }
        if (!config.hideClientHeaders()) {
            headers(exchange, used, tightest, now);
        }
        if (exceeded.isEmpty()) {
            return Optional.empty();
        }
        if (!config.hideClientHeaders()) {
            exchange.response().set("Retry-After", Long.toString(reset(exceeded.get(), now)));
        }
        return Optional.of(new Answer.KongError(config.errorCode(), config.errorMessage()));
    }

    /** Counts a request unless a limit is reached; the counts with it. */
    private synchronized Map<String, Long> use(String subject, Instant now) {
        if (counters.size() > MAX_COUNTERS) {
            counters.entrySet()
                    .removeIf(entry ->
                            entry.getValue().start() < start(entry.getKey().window(), now));
        }
        var counts = new HashMap<String, Long>();
        boolean fits = true;
        for (var limit : limits.entrySet()) {
            var counter = counters.get(new Key(subject, limit.getKey()));
            boolean current = counter != null && counter.start() == start(limit.getKey(), now);
            long count = counter != null && current ? counter.count() : 0;
            counts.put(limit.getKey(), count + 1);
            fits &= count < limit.getValue();
        }
        if (fits && counters.size() <= MAX_COUNTERS) {
            counts.forEach((window, count) ->
                    counters.put(new Key(subject, window), new Counter(start(window, now), count)));
        }
        return counts;
    }

    private static long start(String window, Instant now) {
        var time = now.atZone(ZoneOffset.UTC);
        var start =
                switch (window) {
                    case "Month" -> time.withDayOfMonth(1).truncatedTo(ChronoUnit.DAYS);
                    case "Year" -> time.withDayOfYear(1).truncatedTo(ChronoUnit.DAYS);
                    default -> time.truncatedTo(WINDOWS.getOrDefault(window, ChronoUnit.SECONDS));
                };
        return start.toEpochSecond();
    }

    private static long reset(String window, Instant now) {
        var begin = Instant.ofEpochSecond(start(window, now)).atZone(ZoneOffset.UTC);
        long end = begin.plus(1, WINDOWS.getOrDefault(window, ChronoUnit.SECONDS)).toEpochSecond();
        return Math.max(1, end - now.getEpochSecond());
    }

    private void headers(Exchange exchange, Map<String, Long> used, String tightest, Instant now) {
        var response = exchange.response();
        for (var limit : limits.entrySet()) {
            response.set("X-RateLimit-Limit-" + limit.getKey(), Long.toString(limit.getValue()));
            response.set(
                    "X-RateLimit-Remaining-" + limit.getKey(),
                    Long.toString(remaining(limit.getKey(), used)));
        }
        response.set("RateLimit-Limit", Long.toString(limits.getOrDefault(tightest, 0L)));
        response.set("RateLimit-Remaining", Long.toString(remaining(tightest, used)));
        response.set("RateLimit-Reset", Long.toString(reset(tightest, now)));
    }

    private long remaining(String window, Map<String, Long> used) {
        return Math.max(0, limits.getOrDefault(window, 0L) - used.getOrDefault(window, 0L));
    }

    private String subject(Exchange exchange) {
        var subject =
                switch (config.limitBy()) {
                    case "consumer" -> exchange.consumer().map(consumer -> consumer.id());
                    case "service" -> exchange.service().map(service -> service.id());
                    case "header" ->
                            exchange.headers()
                                    .first(config.headerName() == null ? "" : config.headerName());
                    case "path" ->
                            Optional.of(exchange.path()).filter(path -> path.equals(config.path()));
                    default -> Optional.<String>empty();
                };
        return subject.orElse(exchange.forwarded().ip());
    }
}
