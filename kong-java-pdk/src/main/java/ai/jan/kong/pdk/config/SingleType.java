// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What is one value in JSON: a text, a number or a boolean. */
enum SingleType implements ConfigType {
    TEXT("string", "a string"),
    FLAG("boolean", "a boolean"),
    INT("integer", "an integer"),
    LONG("integer", "an integer"),
    DECIMAL("number", "a number"),
    BYTE("integer", "an integer"),
    SHORT("integer", "an integer"),
    FLOAT("number", "a number"),
    EXACT("number", "a number"),
    SECONDS("number", "a number of seconds"),
    URI_TEXT("string", "a URI"),
    UUID_TEXT("string", "a UUID");

    private static final Map<Type, SingleType> BY_JAVA_TYPE =
            Map.ofEntries(
                    Map.entry(String.class, TEXT),
                    Map.entry(boolean.class, FLAG),
                    Map.entry(Boolean.class, FLAG),
                    Map.entry(byte.class, BYTE),
                    Map.entry(Byte.class, BYTE),
                    Map.entry(short.class, SHORT),
                    Map.entry(Short.class, SHORT),
                    Map.entry(int.class, INT),
                    Map.entry(Integer.class, INT),
                    Map.entry(long.class, LONG),
                    Map.entry(Long.class, LONG),
                    Map.entry(float.class, FLOAT),
                    Map.entry(Float.class, FLOAT),
                    Map.entry(double.class, DECIMAL),
                    Map.entry(Double.class, DECIMAL),
                    Map.entry(BigDecimal.class, EXACT),
                    Map.entry(Duration.class, SECONDS),
                    Map.entry(URI.class, URI_TEXT),
                    Map.entry(UUID.class, UUID_TEXT));

    private final String schemaType;
    private final String expected;

    SingleType(String schemaType, String expected) {
        this.schemaType = schemaType;
        this.expected = expected;
    }

    static Optional<SingleType> of(Type type) {
        return Optional.ofNullable(BY_JAVA_TYPE.get(type));
    }

    @Override
    public void describe(ObjectNode definition) {
        definition.put("type", schemaType);
        switch (this) {
            case BYTE -> definition.putArray("between").add(Byte.MIN_VALUE).add(Byte.MAX_VALUE);
            case SHORT -> definition.putArray("between").add(Short.MIN_VALUE).add(Short.MAX_VALUE);
            case UUID_TEXT -> definition.put("uuid", true);
            default -> {}
        }
    }

    @Override
    public Object read(JsonNode json, String path) throws InvalidConfig {
        try {
            return switch (this) {
                case TEXT -> require(json.isTextual(), path, json.textValue());
                case FLAG -> require(json.isBoolean(), path, json.booleanValue());
                case INT -> require(json.isNumber(), path, json.decimalValue().intValueExact());
                case LONG -> require(json.isNumber(), path, json.decimalValue().longValueExact());
                case DECIMAL -> require(json.isNumber(), path, json.doubleValue());
                case BYTE -> require(json.isNumber(), path, json.decimalValue().byteValueExact());
                case SHORT -> require(json.isNumber(), path, json.decimalValue().shortValueExact());
                case FLOAT -> require(json.isNumber(), path, json.floatValue());
                case EXACT -> require(json.isNumber(), path, json.decimalValue());
                case SECONDS -> require(json.isNumber(), path, seconds(json.decimalValue()));
                case URI_TEXT -> require(json.isTextual(), path, URI.create(json.asText()));
                case UUID_TEXT -> require(json.isTextual(), path, UUID.fromString(json.asText()));
            };
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw ConfigType.unfit(path, expected);
        }
    }

    private <T> T require(boolean fits, String path, T value) throws InvalidConfig {
        if (!fits) {
            throw ConfigType.unfit(path, expected);
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
            case TEXT, URI_TEXT, UUID_TEXT -> JSON.textNode(text);
            case FLAG -> JSON.booleanNode(flag(text));
            case BYTE, SHORT, INT, LONG -> JSON.numberNode(Long.parseLong(text));
            case FLOAT, DECIMAL, EXACT, SECONDS -> JSON.numberNode(new BigDecimal(text));
        };
    }

    private static boolean flag(String text) {
        if (!"true".equals(text) && !"false".equals(text)) {
            throw new IllegalArgumentException("a boolean is true or false");
        }
        return Boolean.parseBoolean(text);
    }
}
