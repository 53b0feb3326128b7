// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One field of a configuration: a component of the record with its annotations. */
record ConfigField(String name, RecordComponent component, ConfigType type) {
    static ConfigField of(RecordComponent component) {
        var name =
                component
                        .getName()
                        .replaceAll("([a-z0-9])([A-Z])", "$1_$2")
                        .toLowerCase(Locale.ROOT);
        try {
            var field = new ConfigField(name, component, ConfigType.of(component.getGenericType()));
            field.requireValueOrNullable();
            return field;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    component.getDeclaringRecord().getSimpleName()
                            + "."
                            + component.getName()
                            + ": "
                            + e.getMessage(),
                    e);
        }
    }

    /** The field's definition in Kong's schema. */
    ObjectNode schema() {
        var definition = ConfigType.JSON.objectNode();
        type.describe(definition);
        if (component.isAnnotationPresent(Required.class)) {
            definition.put("required", true);
        } else if (type instanceof ConfigType.Nested && isNullable()) {
            definition.put("required", false); // otherwise Kong takes a record for required
        }
        var fallback = component.getAnnotation(Default.class);
        if (fallback != null) {
            definition.set("default", type.defaultValue(fallback.value()));
        }
        length(definition);
        constrainKeys(definition);
        constrainValues(innermost(definition));
        var description = component.getAnnotation(Description.class);
        if (description != null) {
            definition.put("description", description.value());
        }
        return definition;
    }

    /** The component's value; for an absent field nothing, or an empty collection. */
    @Nullable Object read(@Nullable JsonNode json, String path) throws InvalidConfig {
        if (json != null && !json.isNull()) {
            return type.read(json, path + name);
        }
        if (component.getType() == List.class) {
            return List.of();
        }
        if (component.getType() == Set.class) {
            return Set.of();
        }
        if (component.getType() == Map.class) {
            return Map.of();
        }
        if (isNullable()) {
            return null;
        }
        throw new InvalidConfig("config." + path + name + ": required field missing");
    }

    private void length(ObjectNode definition) {
        var length = component.getAnnotation(Length.class);
        if (length != null) {
            if (length.exactly() >= 0) {
                definition.put("len_eq", length.exactly());
                return;
            }
            definition.put("len_min", length.min());
            if (length.max() != Integer.MAX_VALUE) {
                definition.put("len_max", length.max());
            }
        }
    }

    private void constrainKeys(ObjectNode definition) {
        var keys = component.getAnnotation(KeyMatch.class);
        if (keys != null) {
            if (!(definition.get("keys") instanceof ObjectNode key)) {
                throw new IllegalArgumentException("only a map has keys");
            }
            key.put("match", keys.value());
        }
    }

    private void constrainValues(ObjectNode definition) {
        var between = component.getAnnotation(Between.class);
        if (between != null) {
            definition.putArray("between").add(number(between.min())).add(number(between.max()));
        }
        var above = component.getAnnotation(GreaterThan.class);
        if (above != null) {
            definition.set("gt", number(above.value()));
        }
        var oneOf = component.getAnnotation(OneOf.class);
        if (oneOf != null) {
            definition.set("one_of", values(oneOf.value()));
        }
        var notOneOf = component.getAnnotation(NotOneOf.class);
        if (notOneOf != null) {
            definition.set("not_one_of", values(notOneOf.value()));
        }
        var start = component.getAnnotation(StartsWith.class);
        if (start != null) {
            definition.put("starts_with", start.value());
        }
        var match = component.getAnnotation(Match.class);
        if (match != null) {
            tryOut(match);
            definition.put("match", match.value());
        }
        if (component.isAnnotationPresent(Regex.class)) {
            definition.put("is_regex", true);
        }
        if (component.isAnnotationPresent(Referenceable.class)) {
            definition.put("referenceable", true);
        }
        if (component.isAnnotationPresent(Encrypted.class)) {
            definition.put("encrypted", true);
        }
    }

    private ArrayNode values(String... texts) {
        var values = ConfigType.JSON.arrayNode();
        Arrays.stream(texts).forEach(text -> values.add(type.innermost().defaultValue(text)));
        return values;
    }

    private void tryOut(Match match) {
        var pattern = LuaPattern.of(match.value());
        for (var text : match.accepts()) {
            if (!pattern.matches(text)) {
                throw new IllegalArgumentException(
                        name + ": the pattern " + pattern + " refuses '" + text + "'");
            }
        }
        for (var text : match.refuses()) {
            if (pattern.matches(text)) {
                throw new IllegalArgumentException(
                        name + ": the pattern " + pattern + " accepts '" + text + "'");
            }
        }
    }

    private static JsonNode number(double value) {
        return value == Math.rint(value)
                ? ConfigType.JSON.numberNode((long) value)
                : ConfigType.JSON.numberNode(value);
    }

    /** The definition of a single value inside a collection, or of the field itself. */
    private static ObjectNode innermost(ObjectNode definition) {
        for (var inside : List.of("elements", "values")) {
            if (definition.get(inside) instanceof ObjectNode inner) {
                return innermost(inner);
            }
        }
        return definition;
    }

    private void requireValueOrNullable() {
        boolean given =
                component.isAnnotationPresent(Required.class)
                        || component.isAnnotationPresent(Default.class)
                        || type instanceof ConfigType.Many
                        || type instanceof ConfigType.Mapping
                        || type instanceof ConfigType.Nested;
        if (given == isNullable() && !(type instanceof ConfigType.Nested)) {
            throw new IllegalArgumentException(
                    given
                            ? "always has a value, so it cannot be @Nullable"
                            : "may be absent: make it @Required, @Default or @Nullable");
        }
    }

    /** By its simple name, so that any library's annotation will do. */
    private boolean isNullable() {
        return Arrays.stream(component.getAnnotatedType().getAnnotations())
                .anyMatch(annotation ->
                        annotation.annotationType().getSimpleName().equals("Nullable"));
    }
}
