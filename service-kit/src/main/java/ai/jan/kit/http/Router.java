// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.http;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which route answers which request. The most specific template wins, whatever the order in which
 * they were added; HEAD is answered by the route for GET. Add all routes before serving.
 */
public final class Router {
    /** What a method and path lead to. */
    sealed interface Match {
        record Found(Route route, String template, Map<String, String> parameters)
                implements Match {}

        record WrongMethod(Set<String> allowed) implements Match {}

        record Nothing() implements Match {}
    }

    private record Entry(String method, PathTemplate template, Route route) {}

    private final List<Entry> entries = new ArrayList<>();

    /**
     * @param template such as {@code /v1/conversations/{id}}; {@code {name...}} at the end takes
     *     the rest of the path, slashes included
     */
    public Router add(String method, String template, Route route) {
        entries.add(new Entry(method, PathTemplate.of(template), route));
        entries.sort(Comparator.comparing(Entry::template));
        return this;
    }

    public Router get(String template, Route route) {
        return add("GET", template, route);
    }

    public Router post(String template, Route route) {
        return add("POST", template, route);
    }

    public Router patch(String template, Route route) {
        return add("PATCH", template, route);
    }

    public Router delete(String template, Route route) {
        return add("DELETE", template, route);
    }

    /** All routes, such as {@code GET /v1/conversations/{id}}. */
    public List<String> routes() {
        return entries.stream().map(entry -> entry.method + " " + entry.template.text()).toList();
    }

    /**
     * @param path decoded segments
     */
    Match find(String method, List<String> path) {
        var wanted = method.equals("HEAD") ? "GET" : method;
        var allowed = new TreeSet<String>();
        for (var entry : entries) {
            var parameters = entry.template.match(path);
            if (parameters.isPresent()) {
                if (entry.method.equals(wanted)) {
                    return new Match.Found(entry.route, entry.template.text(), parameters.get());
                }
                allowed.add(entry.method);
            }
        }
        if (allowed.contains("GET")) {
            allowed.add("HEAD");
        }
        return allowed.isEmpty() ? new Match.Nothing() : new Match.WrongMethod(allowed);
    }
}
