// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.router;

import ai.jan.gateway.config.Route;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Finds the route of a request by Kong's traditional_compatible rules. Thread-safe. */
public final class Router {
    /**
     * What of a request decides.
     *
     * @param path normalised
     * @param host as sent, without port
     * @param port the port the request came in by
     * @param header the values of a header
     */
    public record Query(
            String method,
            String path,
            String host,
            int port,
            Function<String, List<String>> header) {}

    private final List<Matcher> matchers;

    public Router(List<Route> routes) {
        var all = new ArrayList<Matcher>();
        for (int i = routes.size() - 1; i >= 0; i--) { // equal and equally old: the last one wins
            all.addAll(Matcher.of(routes.get(i)));
        }
        all.sort(
                Comparator.comparing(Matcher::priority, Long::compareUnsigned)
                        .reversed()
                        .thenComparingLong(matcher -> matcher.route().createdAt()));
        matchers = List.copyOf(all);
    }

    /** The best route, if there is one. */
    public Optional<RouteMatch> match(Query query) {
        for (var matcher : matchers) {
            var match = matcher.match(query);
            if (match.isPresent()) {
                return match;
            }
        }
        return Optional.empty();
    }
}
