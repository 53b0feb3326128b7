// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.search;

import ai.jan.kit.identity.Identity;
import ai.jan.kit.json.Json;
import ai.jan.tools.tool.Answer;
import ai.jan.tools.tool.Arguments;
import ai.jan.tools.tool.Cache;
import ai.jan.tools.tool.JsonApi;
import ai.jan.tools.tool.Limits;
import ai.jan.tools.tool.Tool;
import ai.jan.tools.tool.ToolDefinition;
import ai.jan.tools.tool.ToolFailure;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code google_search}: asks one engine after the other until one answers. Answers are remembered,
 * each for the caller who asked: an offline search gives out these and nothing else, and they stand
 * in when no engine answers. Thread-safe.
 */
public final class GoogleSearch implements Tool {
    private static final Logger log = LoggerFactory.getLogger(GoogleSearch.class);
    private static final ToolDefinition DEFINITION = ToolDefinition.ours("google_search");
    private static final Limits LIMITS = new Limits(Duration.ofSeconds(30), 64);
    private static final Duration ONE_ENGINE = Duration.ofSeconds(12);
    private static final int MAX_BYTES = 2 * 1024 * 1024;
    private static final long MAX_KEPT = 64 * 1024 * 1024;
    private static final Duration FRESH = Duration.ofMinutes(10);
    private static final int SNIPPET = 420;

    /** Answers belong to the caller who asked. */
    private record Key(String owner, SearchQuery query) {}

    /** How an answer was come by. */
    private enum Source {
        LIVE,
        HIT,
        STALE,
        OFFLINE_MISS
    }

    private final List<SearchEngine> engines;
    private final List<String> domains;
    private final boolean isOffline;
    private final Cache<Key, Found> cache;

    GoogleSearch(List<SearchEngine> engines, List<String> domains, boolean isOffline, Clock clock) {
        this.engines = List.copyOf(engines);
        this.domains = List.copyOf(domains);
        this.isOffline = isOffline;
        this.cache = new Cache<>(MAX_KEPT, Found::size, FRESH, clock);
    }

    /** The tool, if any engine is configured. */
    public static Optional<GoogleSearch> of(SearchSettings settings, Clock clock) {
        var api = new JsonApi(ONE_ENGINE, MAX_BYTES);
        var engines = new ArrayList<SearchEngine>();
        for (var name : settings.order()) {
            switch (name) {
                case Serper.NAME ->
                        settings.serperKey()
                                .map(key -> new Serper(api, settings.serperUrl(), key, clock))
                                .ifPresent(engines::add);
                case SearXng.NAME ->
                        settings.searxng()
                                .map(url -> new SearXng(api, url, clock))
                                .ifPresent(engines::add);
                default -> throw new IllegalArgumentException("no such engine: " + name);
            }
        }
        return engines.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new GoogleSearch(engines, settings.domains(), settings.isOffline(), clock));
    }

    @Override
    public ToolDefinition definition() {
        return DEFINITION;
    }

    @Override
    public Limits limits() {
        return LIMITS;
    }

    @Override
    public Answer call(Identity caller, Arguments arguments) {
        var query = SearchQuery.of(arguments, domains);
        var key = new Key(caller.subject(), query);
        if (isOffline || arguments.flag("offline_mode", false)) {
            var known = cache.getAnyAge(key).map(Cache.Kept::value).orElse(null);
            return answer(
                    query, known, known == null ? Source.OFFLINE_MISS : Source.HIT, List.of());
        }
        var fresh = cache.get(key).orElse(null);
        if (fresh != null) {
            return answer(query, fresh, Source.HIT, List.of());
        }
        var failed = new ArrayList<String>();
        boolean isCallersMistake = false;
        for (var engine : engines) {
            try {
                var found = engine.search(query);
                cache.put(key, found);
                return answer(query, found, Source.LIVE, failed);
            } catch (IOException e) {
                isCallersMistake |= e instanceof JsonApi.Refused refused && refused.isOfArguments();
                log.warn("{} does not answer: {}", engine.name(), reason(e));
                failed.add(engine.name());
            }
        }
        var old = cache.getAnyAge(key).map(Cache.Kept::value).orElse(null);
        if (old == null) {
            throw nothing(isCallersMistake);
        }
        return answer(query, old, Source.STALE, failed);
    }

    /** The arguments are the caller's, and must not open the breaker for others. */
    private static ToolFailure nothing(boolean isCallersMistake) {
        return isCallersMistake
                ? ToolFailure.refused(
                        "The search engine does not take these arguments. Search with others:"
                                + " without location, gl, hl or tbs, for instance.")
                : ToolFailure.backend(
                        "No search engine answers at the moment. Try again later,"
                                + " or answer without searching.");
    }

    /** Messages hold what was searched for. */
    private static String reason(IOException failure) {
        return failure instanceof JsonApi.Refused refused
                ? "status " + refused.status()
                : failure.getClass().getSimpleName();
    }

    private Answer answer(
            SearchQuery query, @Nullable Found found, Source source, List<String> failed) {
        var status = source.name().toLowerCase(Locale.ROOT);
        var answer =
                Json.object()
                        .put("query", query.text())
                        .put("engine", found == null ? null : found.engine())
                        .put("live", source == Source.LIVE)
                        .put("cache_status", status);
        var metadata = answer.putObject("metadata").put("page", query.page());
        var unanswered = metadata.putArray("engines_failed");
        failed.forEach(unanswered::add);
        var results = answer.putArray("results");
        var citations = answer.putArray("citations");
        if (found != null) {
            permitted(query, found)
                    .forEach(hit -> {
                        int position = results.size() + 1;
                        put(results.addObject(), position, hit, status, found);
                        citations.add("[%d] %s %s".formatted(position, hit.title(), hit.url()));
                    });
        }
        answer.set("raw", raw(query, found));
        return new Answer.Structured(answer);
    }

    /** Not if it may hold what the domains leave out. */
    private static @Nullable JsonNode raw(SearchQuery query, @Nullable Found found) {
        if (found == null || !query.domains().isEmpty()) {
            return null;
        }
        try {
            return Json.parse(found.raw());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was JSON is JSON", e);
        }
    }

    /** Only what both the operator's domains and the caller's allow, whatever the engine found. */
    private Stream<Found.Hit> permitted(SearchQuery query, Found found) {
        var operators = new DomainList(domains);
        var callers = new DomainList(query.domains());
        return found.hits().stream()
                .filter(hit -> operators.allows(hit.url()) && callers.allows(hit.url()))
                .limit(query.count());
    }

    private static void put(
            ObjectNode result, int position, Found.Hit hit, String status, Found found) {
        result.put("position", position)
                .put("title", hit.title())
                .put("source_url", hit.url())
                .put("snippet", cut(hit.snippet()))
                .put("cache_status", status)
                .put("fetched_at", found.at().toString());
    }

    private static String cut(String snippet) {
        return snippet.codePointCount(0, snippet.length()) <= SNIPPET
                ? snippet
                : snippet.substring(0, snippet.offsetByCodePoints(0, SNIPPET));
    }
}
