// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.config;

import ai.jan.kong.pdk.Bytes;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Locale;

/**
 * A plugin's configuration as Kong knows it, derived from a record. A component's name becomes a
 * field in snake case; its type and its annotations become the definition:
 *
 * <ul>
 *   <li>{@code String}, {@code boolean}, the number types of Java and their boxes, {@code
 *       BigDecimal}; {@code URI} and {@code UUID}: a string
 *   <li>an enum: its constants in lower case; {@code Duration}: a number of seconds
 *   <li>{@code List}, {@code Set}, {@code Map<String, …>}, and records
 * </ul>
 *
 * A component that has neither {@link Required} nor {@link Default} is absent unless it is given,
 * and must be {@code @Nullable}; collections are empty then. A nested record is always there, with
 * the defaults of its fields, unless it is {@code @Nullable}. {@link CrossCheck} and {@link
 * Conditional} say what must hold between fields. The record's own constructor may check what a
 * schema cannot say; Kong has taken the configuration by then, so requests are answered with 500.
 * Immutable.
 *
 * @param <C> the record
 */
public final class ConfigSchema<C extends Record> {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

    private final ConfigRecord<C> config;
    private final ObjectNode schema;

    private ConfigSchema(ConfigRecord<C> config, ObjectNode schema) {
        this.config = config;
        this.schema = schema;
    }

    /**
     * Derives the schema.
     *
     * @throws IllegalArgumentException with everything for which Kong would refuse to start
     */
    public static <C extends Record> ConfigSchema<C> of(String plugin, Class<C> type) {
        var config = ConfigRecord.of(type);
        var schema = ConfigType.JSON.objectNode().put("name", plugin);
        var fields = schema.putArray("fields");
        var scopes = type.getAnnotation(NotScopedTo.class);
        if (scopes != null) {
            for (var scope : scopes.value()) {
                var entity = scope.name().toLowerCase(Locale.ROOT);
                fields.addObject()
                        .putObject(entity)
                        .put("type", "foreign")
                        .put("reference", entity + "s")
                        .putNull("eq");
            }
        }
        var protocols = type.getAnnotation(Protocols.class);
        if (protocols != null) {
            fields.addObject().set("protocols", protocols(protocols.value()));
        }
        fields.addObject().set("config", config.schema());
        SchemaRules.check(schema);
        return new ConfigSchema<>(config, schema);
    }

    private static ObjectNode protocols(String... names) {
        var field = ConfigType.JSON.objectNode().put("type", "set").put("required", true);
        var fallback = field.putArray("default");
        var allowed = field.putObject("elements").put("type", "string").putArray("one_of");
        for (var name : names) {
            fallback.add(name);
            allowed.add(name);
        }
        return field;
    }

    /** What Kong is told: {@code {"name":…,"fields":[…]}}. */
    public ObjectNode json() {
        return schema.deepCopy();
    }

    /**
     * Says of a configuration what Kong would say of it.
     *
     * @param config the content of {@code config} in {@code kong.yml}
     * @return Kong's messages by field; empty if it takes it
     */
    public JsonNode problems(JsonNode config) {
        return new ConfigCheck(schema)
                .problems(ConfigType.JSON.objectNode().set("config", config))
                .path("config");
    }

    /**
     * Reads what Kong sends to start an instance.
     *
     * @throws InvalidConfig if it does not fit the record, or the record refuses it
     */
    public C read(Bytes json) throws InvalidConfig {
        try {
            return config.read(MAPPER.readTree(json.stream()), "");
        } catch (JsonProcessingException e) {
            throw new InvalidConfig("config is not JSON", e);
        } catch (IOException e) {
            throw new InvalidConfig("config cannot be read", e);
        }
    }
}
