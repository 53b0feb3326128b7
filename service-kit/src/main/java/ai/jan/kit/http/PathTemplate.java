// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.http;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A path such as {@code /v1/models/{id...}}. {@code {name}} stands for one segment, {@code
 * {name...}} at the end for one or more. Compares so that the more specific one comes first.
 */
record PathTemplate(String text, List<Segment> segments) implements Comparable<PathTemplate> {
    private enum Kind {
        LITERAL,
        ONE,
        REST
    }

    private record Segment(Kind kind, String name) {}

    static PathTemplate of(String text) {
        if (!text.startsWith("/")) {
            throw new IllegalArgumentException("a path starts with /: " + text);
        }
        var segments = new ArrayList<Segment>();
        for (var part : split(text)) {
            if (!segments.isEmpty() && segments.getLast().kind == Kind.REST) {
                throw new IllegalArgumentException("nothing may follow {name...}: " + text);
            }
            segments.add(segment(part));
        }
        return new PathTemplate(text, List.copyOf(segments));
    }

    /** The segments of a path that is still percent-encoded; an encoded slash does not split. */
    static List<String> split(String path) {
        return List.of(path.substring(1).split("/", -1));
    }

    /**
     * @param path decoded segments
     * @return the values of the parameters, or nothing if the path is another one
     */
    Optional<Map<String, String>> match(List<String> path) {
        var values = new LinkedHashMap<String, String>();
        for (int i = 0; i < segments.size(); i++) {
            var segment = segments.get(i);
            if (i >= path.size()) {
                return Optional.empty();
            }
            var value =
                    segment.kind == Kind.REST
                            ? String.join("/", path.subList(i, path.size()))
                            : path.get(i);
            if (segment.kind == Kind.LITERAL ? !value.equals(segment.name) : value.isEmpty()) {
                return Optional.empty();
            }
            if (segment.kind != Kind.LITERAL) {
                values.put(segment.name, value);
            }
        }
        boolean complete =
                path.size() == segments.size()
                        || (!segments.isEmpty() && segments.getLast().kind == Kind.REST);
        return complete ? Optional.of(values) : Optional.empty();
    }

    @Override
    public int compareTo(PathTemplate other) {
        for (int i = 0; i < Math.min(segments.size(), other.segments.size()); i++) {
            int order = segments.get(i).kind.compareTo(other.segments.get(i).kind);
            if (order != 0) {
                return order;
            }
        }
        return Comparator.comparingInt((PathTemplate template) -> -template.segments.size())
                .thenComparing(PathTemplate::text)
                .compare(this, other);
    }

    private static Segment segment(String part) {
        if (!part.startsWith("{") || !part.endsWith("}")) {
            return new Segment(Kind.LITERAL, part);
        }
        var name = part.substring(1, part.length() - 1);
        return name.endsWith("...")
                ? new Segment(Kind.REST, name.substring(0, name.length() - 3))
                : new Segment(Kind.ONE, name);
    }
}
