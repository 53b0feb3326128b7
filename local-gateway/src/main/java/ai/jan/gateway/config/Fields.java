// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.config;

import ai.jan.kit.json.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One object of a kong.yml. A getter notes what is wrong with a field and answers its default;
 * {@link #end} notes every field nobody asked for. Field names in problems are paths from the
 * document's root. Null means absent, as for Kong.
 */
final class Fields {
    private final String path;
    private final Map<?, ?> values;
    private final Problems problems;
    private final Set<String> known = new HashSet<>();

    Fields(String path, Map<?, ?> values, Problems problems) {
        this.path = path;
        this.values = values;
        this.problems = problems;
    }

    Problems problems() {
        return problems;
    }

    String at(String name) {
        return path.isEmpty() || name.isEmpty() ? path + name : path + "." + name;
    }

    void wrong(String name, String problem) {
        problems.add(at(name), problem);
    }

    static String duplicate(String kind, String name) {
        return "uniqueness violation: '"
                + kind
                + "' entity with name set to '"
                + name
                + "' already declared";
    }

    @Nullable Object raw(String name) {
        known.add(name);
        return values.get(name);
    }

    /** Whether a field is there, without taking note that somebody knows it. */
    boolean names(String name) {
        return values.get(name) != null;
    }

    boolean has(String name) {
        return raw(name) != null;
    }

    Optional<String> text(String name) {
        return switch (raw(name)) {
            case null -> Optional.empty();
            case String text when text.isEmpty() -> {
                wrong(name, "length must be at least 1");
                yield Optional.empty();
            }
            case String text -> Optional.of(text);
            default -> {
                wrong(name, "expected a string");
                yield Optional.empty();
            }
        };
    }

    Optional<String> oneOf(String name, List<String> allowed) {
        var text = text(name);
        text.filter(value -> !allowed.contains(value))
                .ifPresent(_ -> wrong(name, "expected one of: " + String.join(", ", allowed)));
        return text.filter(allowed::contains);
    }

    int integer(String name, int fallback, int min, int max) {
        return switch (raw(name)) {
            case null -> fallback;
            case Integer number when number >= min && number <= max -> number;
            case Integer _, Long _ -> {
                wrong(name, "value should be between " + min + " and " + max);
                yield fallback;
            }
            default -> {
                wrong(name, "expected an integer");
                yield fallback;
            }
        };
    }

    boolean flag(String name, boolean fallback) {
        return switch (raw(name)) {
            case null -> fallback;
            case Boolean flag -> flag;
            default -> {
                wrong(name, "expected a boolean");
                yield fallback;
            }
        };
    }

    List<String> texts(String name) {
        return texts(at(name), raw(name));
    }

    private List<String> texts(String where, @Nullable Object value) {
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list)) {
            problems.add(where, "expected an array");
            return List.of();
        }
        var texts = new ArrayList<String>();
        for (var element : list) {
            if (element instanceof String text && !text.isEmpty()) {
                texts.add(text);
            } else {
                problems.add(
                        where + "[" + texts.size() + "]",
                        element instanceof String
                                ? "length must be at least 1"
                                : "expected a string");
            }
        }
        return List.copyOf(texts);
    }

    /** A map from text to list of texts, such as a route's headers. */
    Map<String, List<String>> textLists(String name) {
        var value = raw(name);
        if (value == null) {
            return Map.of();
        }
        if (!(value instanceof Map<?, ?> map)) {
            wrong(name, "expected a map");
            return Map.of();
        }
        var lists = new LinkedHashMap<String, List<String>>();
        map.forEach(
                (key, list) -> lists.put(String.valueOf(key), texts(at(name) + "." + key, list)));
        return lists;
    }

    /** The elements of an array of objects. */
    List<Fields> objects(String name) {
        var value = raw(name);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list)) {
            wrong(name, "expected an array");
            return List.of();
        }
        var objects = new ArrayList<Fields>();
        for (int i = 0; i < list.size(); i++) {
            var where = at(name) + "[" + i + "]";
            if (list.get(i) instanceof Map<?, ?> map) {
                objects.add(new Fields(where, map, problems));
            } else {
                problems.add(where, "expected a record");
            }
        }
        return objects;
    }

    /** One field, or the whole object for an empty name, as JSON; nothing if it is absent. */
    Optional<JsonNode> json(String name) {
        var value = name.isEmpty() ? values : raw(name);
        if (name.isEmpty()) {
            values.keySet().forEach(key -> known.add(String.valueOf(key)));
        }
        try {
            return value == null ? Optional.empty() : Optional.of(Json.parse(Json.bytes(value)));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            wrong(name, "is not representable as JSON");
            return Optional.empty();
        }
    }

    /** Notes a field that Kong knows and the stand-in does not. */
    void unsupported(String... names) {
        for (var name : names) {
            if (raw(name) != null) {
                wrong(name, "the stand-in does not support this field");
            }
        }
    }

    /** Ends the reading of this object. */
    void end() {
        for (var name : values.keySet()) {
            if (!known.contains(String.valueOf(name))) {
                wrong(String.valueOf(name), "unknown field");
            }
        }
    }
}
