// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.wire;

import ai.jan.kong.pdk.message.Field;
import ai.jan.kong.pdk.message.ProtoName;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The codec of a record whose components carry {@link Field}. Derived once per record, so that a
 * message is declared in one place and nowhere else.
 */
final class RecordType<T extends Record> implements WireType<T> {
    private static final ClassValue<RecordType<?>> TYPES =
            new ClassValue<>() {
                @Override
                protected RecordType<?> computeValue(Class<?> type) {
                    return new RecordType<>(type.asSubclass(Record.class));
                }
            };

    /** One field of the message. */
    record FieldType(int number, String name, String oneof, Method accessor, FieldKind kind) {}

    private final Class<T> type;
    private final Constructor<T> constructor;
    private final List<FieldType> fields = new ArrayList<>();
    private final Map<Integer, Integer> indexes = new HashMap<>();

    /** The message, if it has no fields: what most setters are answered with. */
    private final @Nullable T nothing;

    private RecordType(Class<T> type) {
        this.type = type;
        var components = type.getRecordComponents();
        try {
            var parameters = new Class<?>[components.length];
            for (int i = 0; i < components.length; i++) {
                parameters[i] = components[i].getType();
                var field = field(components[i]);
                indexes.put(field.number(), i);
                fields.add(field);
            }
            this.constructor = type.getDeclaredConstructor(parameters);
            constructor.setAccessible(true); // spares a look at the caller each time
        } catch (NoSuchMethodException e) {
            throw new LinkageError("a record has its canonical constructor", e);
        }
        this.nothing = components.length == 0 ? create(new Object[0]) : null;
    }

    @SuppressWarnings("unchecked")
    static <T extends Record> RecordType<T> of(Class<T> type) {
        return (RecordType<T>) TYPES.get(type);
    }

    private FieldType field(RecordComponent component) {
        var field = component.getAnnotation(Field.class);
        if (field == null) {
            throw new IllegalArgumentException(type + " has a component without @Field");
        }
        component.getAccessor().setAccessible(true);
        var name = component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
        return new FieldType(
                field.value(),
                name,
                field.oneof(),
                component.getAccessor(),
                FieldKind.of(component.getGenericType()));
    }

    List<FieldType> fields() {
        return fields;
    }

    @Override
    public String name() {
        var given = type.getAnnotation(ProtoName.class);
        if (given != null) {
            return given.value();
        }
        var outer = type.getEnclosingClass();
        return outer == null
                ? type.getSimpleName()
                : of(outer.asSubclass(Record.class)).name() + "." + type.getSimpleName();
    }

    @Override
    public byte[] encode(T value) {
        var out = new WireWriter();
        write(out, value);
        return out.toByteArray();
    }

    @Override
    public T decode(byte[] payload) throws WireException {
        return read(new WireReader(payload));
    }

    @Override
    public T decodeAsKong(byte[] payload) throws WireException {
        return read(WireReader.asKong(payload));
    }

    void write(WireWriter out, T message) {
        for (var field : fields) {
            var value = get(field, message);
            if (value != null && (!field.oneof().isEmpty() || !field.kind().isDefault(value))) {
                field.kind().write(out, field.number(), value);
            }
        }
    }

    T read(WireReader in) throws WireException {
        if (nothing != null && !in.hasMore()) {
            return nothing;
        }
        var values = new @Nullable Object[fields.size()];
        while (in.hasMore()) {
            int tag = in.tag();
            var index = indexes.get(tag >>> 3);
            if (index == null || fields.get(index).kind().wireType() != (tag & 7)) {
                in.skip(tag);
                continue;
            }
            clearOneof(values, fields.get(index).oneof());
            values[index] = fields.get(index).kind().read(in, values[index]);
        }
        for (int i = 0; i < values.length; i++) {
            if (values[i] == null && fields.get(i).oneof().isEmpty()) {
                values[i] = fields.get(i).kind().absent();
            }
        }
        return create(values);
    }

    /** Of several members of a oneof the last one counts. */
    private void clearOneof(@Nullable Object[] values, String oneof) {
        if (!oneof.isEmpty()) {
            for (int i = 0; i < values.length; i++) {
                if (fields.get(i).oneof().equals(oneof)) {
                    values[i] = null;
                }
            }
        }
    }

    private static @Nullable Object get(FieldType field, Record message) {
        try {
            return field.accessor().invoke(message);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new LinkageError("an accessor of a public record", e);
        }
    }

    private T create(@Nullable Object[] values) {
        try {
            return constructor.newInstance(values);
        } catch (InstantiationException | IllegalAccessException | InvocationTargetException e) {
            throw new LinkageError("the constructor of " + type, e);
        }
    }
}
