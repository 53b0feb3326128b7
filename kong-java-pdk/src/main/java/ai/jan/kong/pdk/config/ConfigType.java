// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What a field of a configuration can be: in Kong's schema, in JSON and in Java. */
sealed interface ConfigType
        permits SingleType,
                ConfigType.Choice,
                ConfigType.Many,
                ConfigType.Mapping,
                ConfigType.Nested {
    JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** Writes {@code type} and what belongs to it into a field's definition. */
    void describe(ObjectNode definition);

    /**
     * The Java form of a value.
     *
     * @param path the field, for the message
     */
    Object read(JsonNode json, String path) throws InvalidConfig;

    /** The JSON form of a default given as texts. */
    JsonNode defaultValue(String... texts);

    static ConfigType of(Type type) {
        if (type instanceof ParameterizedType generic) {
            var arguments = generic.getActualTypeArguments();
            if (generic.getRawType() == List.class) {
                return new Many("array", of(arguments[0]));
            }
            if (generic.getRawType() == Set.class) {
                return new Many("set", of(arguments[0]));
            }
            if (generic.getRawType() == Map.class && arguments[0] == String.class) {
                return new Mapping(of(arguments[1]));
            }
        }
        if (type instanceof Class<?> plain) {
            if (plain.isEnum()) {
                return new Choice(plain);
            }
            if (plain.isRecord()) {
                return new Nested(ConfigRecord.of(plain.asSubclass(Record.class)));
            }
        }
        return SingleType.of(type)
                .orElseThrow(() ->
                        new IllegalArgumentException("no type of Kong's schemas for " + type));
    }

    /** The type that constraints on single values apply to. */
    default ConfigType innermost() {
        return this;
    }

    static InvalidConfig unfit(String path, String expected) {
        return new InvalidConfig("config." + path + ": expected " + expected);
    }

    /** One constant of an enum; in JSON its name in lower case. */
    record Choice(Class<?> type) implements ConfigType {
        private static String name(Object constant) {
            return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT);
        }

        @Override
        public void describe(ObjectNode definition) {
            definition.put("type", "string");
            var names = definition.putArray("one_of");
            Arrays.stream(constants()).forEach(constant -> names.add(name(constant)));
        }

        @Override
        public Object read(JsonNode json, String path) throws InvalidConfig {
            return Arrays.stream(constants())
                    .filter(constant -> name(constant).equals(json.textValue()))
                    .findFirst()
                    .orElseThrow(() -> unfit(path, "one of the values of " + type.getSimpleName()));
        }

        @Override
        public JsonNode defaultValue(String... texts) {
            return JSON.textNode(only(texts));
        }

        private Object[] constants() {
            return type.getEnumConstants();
        }
    }

    /** A list or a set. Kong may send an empty one as an empty object. */
    record Many(String schemaType, ConfigType element) implements ConfigType {
        @Override
        public void describe(ObjectNode definition) {
            definition.put("type", schemaType);
            element.describe(definition.putObject("elements"));
        }

        @Override
        public Object read(JsonNode json, String path) throws InvalidConfig {
            if (!json.isArray() && !(json.isObject() && json.isEmpty())) {
                throw unfit(path, "an array");
            }
            var items = new ArrayList<Object>();
            for (var item : json) {
                items.add(element.read(item, path + "[" + (items.size() + 1) + "]"));
            }
            return "array".equals(schemaType)
                    ? Collections.unmodifiableList(items)
                    : Collections.unmodifiableSet(new LinkedHashSet<>(items));
        }

        @Override
        public JsonNode defaultValue(String... texts) {
            var array = JSON.arrayNode();
            for (var text : texts) {
                array.add(element.defaultValue(text));
            }
            return array;
        }

        @Override
        public ConfigType innermost() {
            return element.innermost();
        }
    }

    /** A map whose keys are texts. */
    record Mapping(ConfigType value) implements ConfigType {
        @Override
        public void describe(ObjectNode definition) {
            definition.put("type", "map");
            definition.putObject("keys").put("type", "string");
            value.describe(definition.putObject("values"));
        }

        @Override
        public Object read(JsonNode json, String path) throws InvalidConfig {
            if (!json.isObject() && !(json.isArray() && json.isEmpty())) {
                throw unfit(path, "a map");
            }
            var map = new LinkedHashMap<String, Object>();
            for (var entry : json.properties()) {
                map.put(entry.getKey(), value.read(entry.getValue(), path + "." + entry.getKey()));
            }
            return Collections.unmodifiableMap(map);
        }

        @Override
        public JsonNode defaultValue(String... texts) {
            var map = JSON.objectNode();
            for (var text : texts) {
                int equals = text.indexOf('=');
                if (equals < 0) {
                    throw new IllegalArgumentException("an entry of a map is key=value");
                }
                map.set(text.substring(0, equals), value.defaultValue(text.substring(equals + 1)));
            }
            return map;
        }

        @Override
        public ConfigType innermost() {
            return value.innermost();
        }
    }

    /** A record inside the configuration. */
    record Nested(ConfigRecord<?> record) implements ConfigType {
        @Override
        public void describe(ObjectNode definition) {
            definition.setAll(record.schema());
        }

        @Override
        public Object read(JsonNode json, String path) throws InvalidConfig {
            return record.read(json, path + ".");
        }

        @Override
        public JsonNode defaultValue(String... texts) {
            throw new IllegalArgumentException("a record has no default; its fields may have");
        }
    }

    static String only(String... texts) {
        if (texts.length != 1) {
            throw new IllegalArgumentException("needs exactly one value");
        }
        return texts[0];
    }
}
