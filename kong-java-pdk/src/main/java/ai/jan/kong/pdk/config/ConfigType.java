// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a field of a configuration can be: in Kong's schema, in JSON and in Java. */
sealed interface ConfigType {
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
        return Single.of(type)
                .orElseThrow(() ->
                        new IllegalArgumentException("no type of Kong's schemas for " + type));
    }

    /** The type that constraints on single values apply to. */
    default ConfigType innermost() {
        return this;
    }

    private static InvalidConfig unfit(String path, String expected) {
        return new InvalidConfig("config." + path + ": expected " + expected);
    }

    /** A text, a number, a boolean or a duration. */
    enum Single implements ConfigType {
        TEXT("string", "a string"),
        FLAG("boolean", "a boolean"),
        INT("integer", "an integer"),
        LONG("integer", "an integer"),
        DECIMAL("number", "a number"),
        SECONDS("number", "a number of seconds");

        private static final Map<Type, Single> BY_JAVA_TYPE =
                Map.of(
                        String.class, TEXT,
                        boolean.class, FLAG,
                        Boolean.class, FLAG,
                        int.class, INT,
                        Integer.class, INT,
                        long.class, LONG,
                        Long.class, LONG,
                        double.class, DECIMAL,
                        Double.class, DECIMAL,
                        Duration.class, SECONDS);

        private final String schemaType;
        private final String expected;

        Single(String schemaType, String expected) {
            this.schemaType = schemaType;
            this.expected = expected;
        }

        static Optional<Single> of(Type type) {
            return Optional.ofNullable(BY_JAVA_TYPE.get(type));
        }

        @Override
        public void describe(ObjectNode definition) {
            definition.put("type", schemaType);
        }

        @Override
        public Object read(JsonNode json, String path) throws InvalidConfig {
            try {
                return switch (this) {
                    case TEXT -> require(json.isTextual(), path, json.textValue());
                    case FLAG -> require(json.isBoolean(), path, json.booleanValue());
                    case INT -> require(json.isNumber(), path, json.decimalValue().intValueExact());
                    case LONG ->
                            require(json.isNumber(), path, json.decimalValue().longValueExact());
                    case DECIMAL -> require(json.isNumber(), path, json.doubleValue());
                    case SECONDS -> require(json.isNumber(), path, seconds(json.decimalValue()));
                };
            } catch (ArithmeticException e) {
                throw unfit(path, expected);
            }
        }

        private <T> T require(boolean fits, String path, T value) throws InvalidConfig {
            if (!fits) {
                throw unfit(path, expected);
            }
            return value;
        }

        private static Duration seconds(BigDecimal seconds) {
            return Duration.ofNanos(seconds.movePointRight(9).longValueExact());
        }

        @Override
        public JsonNode defaultValue(String... texts) {
            var text = ConfigType.only(texts);
            return switch (this) {
                case TEXT -> JSON.textNode(text);
                case FLAG -> JSON.booleanNode(flag(text));
                case INT, LONG -> JSON.numberNode(Long.parseLong(text));
                case DECIMAL, SECONDS -> JSON.numberNode(new BigDecimal(text));
            };
        }

        private static boolean flag(String text) {
            if (!"true".equals(text) && !"false".equals(text)) {
                throw new IllegalArgumentException("a boolean is true or false");
            }
            return Boolean.parseBoolean(text);
        }
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
            throw new IllegalArgumentException("a map has no default");
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

    private static String only(String... texts) {
        if (texts.length != 1) {
            throw new IllegalArgumentException("needs exactly one value");
        }
        return texts[0];
    }
}
