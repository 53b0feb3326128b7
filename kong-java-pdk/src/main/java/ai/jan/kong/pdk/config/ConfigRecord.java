// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A configuration, or a part of one: what Kong is told of it, and how it is read. */
final class ConfigRecord<C extends Record> {
    private final Class<C> type;
    private final List<ConfigField> fields;
    private final Constructor<C> constructor;

    private ConfigRecord(Class<C> type) {
        this.type = type;
        var components = type.getRecordComponents();
        this.fields = Arrays.stream(components).map(ConfigField::of).toList();
        try {
            this.constructor =
                    type.getDeclaredConstructor(
                            Arrays.stream(components)
                                    .map(component -> component.getType())
                                    .toArray(Class<?>[]::new));
            constructor.setAccessible(true);
        } catch (NoSuchMethodException e) {
            throw new LinkageError("a record has its canonical constructor", e);
        }
    }

    /**
     * @throws IllegalArgumentException if a component has no form in Kong's schemas
     */
    static <C extends Record> ConfigRecord<C> of(Class<C> type) {
        return new ConfigRecord<>(type);
    }

    Class<C> type() {
        return type;
    }

    /** {@code {"type":"record","fields":[{"a":{…}},…]}}. */
    ObjectNode schema() {
        var record = ConfigType.JSON.objectNode().put("type", "record");
        var list = record.putArray("fields");
        fields.forEach(field -> list.addObject().set(field.name(), field.schema()));
        var checks = CrossChecks.of(type, fields);
        if (!checks.isEmpty()) {
            record.set("entity_checks", checks);
        }
        return record;
    }

    /**
     * Reads a configuration. Fields that are not the record's are passed over: Kong adds some of
     * its own.
     *
     * @param path what stands before a field's name in messages
     */
    C read(JsonNode json, String path) throws InvalidConfig {
        if (!json.isObject() && !(json.isArray() && json.isEmpty())) {
            throw new InvalidConfig("config." + path + " is not an object");
        }
        var values = new @Nullable Object[fields.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = fields.get(i).read(json.get(fields.get(i).name()), path);
        }
        try {
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            throw new InvalidConfig(
                    "config." + path + ": " + e.getTargetException().getMessage(), e);
        } catch (InstantiationException | IllegalAccessException e) {
            throw new LinkageError("the constructor of " + type, e);
        }
    }
}
