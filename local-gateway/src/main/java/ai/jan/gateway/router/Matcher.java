// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.router;

import ai.jan.gateway.config.Route;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A route with those of its paths that are equally specific; a route with paths of several lengths
 * is several matchers, each with its own priority.
 */
final class Matcher {
    private static final int PLAIN_HOST = 60;
    private static final int ATTRIBUTES = 57;
    private static final int HEADERS = 52;
    private static final int REGEX = 51;
    private static final int REGEX_PRIORITY = 19;
    private static final int MAX_LENGTH = (1 << REGEX_PRIORITY) - 1;

    private final Route route;
    private final List<String> prefixes;
    private final List<Pattern> regexes;
    private final List<Predicate<Router.Query>> conditions = new ArrayList<>();
    private final long priority;

    private Matcher(Route route, List<String> prefixes, List<Pattern> regexes) {
        this.route = route;
        this.prefixes = prefixes;
        this.regexes = regexes;
        if (!route.methods().isEmpty()) {
            conditions.add(query -> route.methods().contains(query.method()));
        }
        if (!route.hosts().isEmpty()) {
            conditions.add(
                    query -> route.hosts().stream().anyMatch(host -> hostMatches(host, query)));
        }
        route.headers().forEach((name, values) -> conditions.add(headerCondition(name, values)));
        priority = priority(route, prefixes, !regexes.isEmpty());
    }

    static List<Matcher> of(Route route) {
        if (route.paths().isEmpty()) {
            return List.of(new Matcher(route, List.of(), List.of()));
        }
        var byLength = new LinkedHashMap<Integer, List<String>>();
        var regexes = new ArrayList<Pattern>();
        for (var path : route.paths()) {
            if (path.startsWith("~")) {
                regexes.add(Pattern.compile(RequestPath.bytes(path.substring(1))));
            } else {
                var decoded = RequestPath.normalise(RequestPath.bytes(path)).orElse(path);
                byLength.computeIfAbsent(decoded.length(), _ -> new ArrayList<>()).add(decoded);
            }
        }
        var matchers = new ArrayList<Matcher>();
        byLength.values().forEach(paths -> matchers.add(new Matcher(route, paths, List.of())));
        if (!regexes.isEmpty()) {
            matchers.add(new Matcher(route, List.of(), regexes));
        }
        return matchers;
    }

    /**
     * One unsigned number, from the strongest bits down: all hosts are plain, how many kinds of
     * attributes, how many headers, a regex, its priority, the length of a prefix. A negative
     * regex_priority sets all bits above its own and so beats everything, as it does in Kong.
     */
    private static long priority(Route route, List<String> prefixes, boolean regex) {
        boolean plain =
                !route.hosts().isEmpty()
                        && route.hosts().stream().noneMatch(host -> host.contains("*"));
        long attributes =
                count(!route.methods().isEmpty())
                        + count(!route.hosts().isEmpty())
                        + count(!route.headers().isEmpty())
                        + count(!route.paths().isEmpty());
        long length = prefixes.isEmpty() ? 0 : Math.min(prefixes.getFirst().length(), MAX_LENGTH);
        return count(plain) << PLAIN_HOST
                | attributes << ATTRIBUTES
                | (long) Math.min(route.headers().size(), 31) << HEADERS
                | count(regex) << REGEX
                | (regex ? (long) route.regexPriority() << REGEX_PRIORITY : 0)
                | length;
    }

    private static long count(boolean present) {
        return present ? 1 : 0;
    }

    Route route() {
        return route;
    }

    long priority() {
        return priority;
    }

    Optional<RouteMatch> match(Router.Query query) {
        for (var condition : conditions) {
            if (!condition.test(query)) {
                return Optional.empty();
            }
        }
        if (prefixes.isEmpty() && regexes.isEmpty()) {
            return Optional.of(new RouteMatch(route, "", List.of(), Map.of()));
        }
        for (var prefix : prefixes) {
            if (query.path().startsWith(prefix)) {
                return Optional.of(new RouteMatch(route, prefix, List.of(), Map.of()));
            }
        }
        for (var regex : regexes) {
            var found = regex.matcher(query.path());
            if (found.lookingAt()) {
                return Optional.of(captured(found));
            }
        }
        return Optional.empty();
    }

    private RouteMatch captured(java.util.regex.Matcher found) {
        var captures = new ArrayList<String>();
        for (int i = 1; i <= found.groupCount(); i++) {
            var group = found.group(i);
            captures.add(group == null ? "" : group);
        }
        var named = new HashMap<String, String>();
        found.namedGroups().forEach((name, index) -> named.put(name, captures.get(index - 1)));
        return new RouteMatch(route, found.group(), captures, named);
    }

    private static boolean hostMatches(String pattern, Router.Query query) {
        int colon = pattern.lastIndexOf(':');
        if (colon > 0) {
            return Integer.parseInt(pattern.substring(colon + 1)) == query.port()
                    && hostMatches(pattern.substring(0, colon), query);
        }
        if (pattern.startsWith("*")) {
            return query.host().endsWith(pattern.substring(1));
        }
        if (pattern.endsWith("*")) {
            return query.host().startsWith(pattern.substring(0, pattern.length() - 1));
        }
        return query.host().equals(pattern);
    }

    private static Predicate<Router.Query> headerCondition(String name, List<String> values) {
        if (values.size() == 1 && values.getFirst().startsWith("~*")) {
            var regex = Pattern.compile(values.getFirst().substring(2), Pattern.CASE_INSENSITIVE);
            return query ->
                    query.header().apply(name).stream()
                            .anyMatch(value -> regex.matcher(value).find());
        }
        var wanted = values.stream().map(value -> value.toLowerCase(Locale.ROOT)).toList();
        return query ->
                query.header().apply(name).stream()
                        .anyMatch(value -> wanted.contains(value.toLowerCase(Locale.ROOT)));
    }
}
