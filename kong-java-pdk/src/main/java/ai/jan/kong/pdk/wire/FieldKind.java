// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.wire;

import ai.jan.kong.pdk.message.Value;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a component of some Java type is written and read. */
interface FieldKind {
    /** The type's name in the protocol description, such as {@code int32}. */
    String protoType();

    /** How often it may occur: {@code singular}, {@code repeated} or {@code map}. */
    default String label() {
        return "singular";
    }

    int wireType();

    /** What the component is when the field was not sent. */
    @Nullable Object absent();

    /** Whether the value need not be sent because absence means the same. */
    default boolean isDefault(Object value) {
        return value.equals(absent());
    }

    void write(WireWriter out, int number, Object value);

    /**
     * @param before what earlier occurrences of the field gave, null if there were none
     */
    Object read(WireReader in, @Nullable Object before) throws WireException;

    static FieldKind of(Type type) {
        if (type instanceof ParameterizedType generic) {
            var arguments = generic.getActualTypeArguments();
            if (generic.getRawType() == List.class) {
                return new Repeated(of(arguments[0]));
            }
            if (generic.getRawType() == Map.class && arguments[0] == String.class) {
                return new Mapping(of(arguments[1]));
            }
        }
        if (type == Value.class) {
            return new ValueKind();
        }
        if (type instanceof Class<?> plain && plain.isRecord()) {
            return new Nested<>(plain.asSubclass(Record.class));
        }
        return Scalar.of(type)
                .orElseThrow(() -> new IllegalArgumentException("no protobuf form of " + type));
    }

    /** A message inside a message; null when it was not sent. */
    record Nested<T extends Record>(Class<T> javaType) implements FieldKind {
        @Override
        public String protoType() {
            return RecordType.of(javaType).name();
        }

        @Override
        public int wireType() {
            return WireReader.LENGTH;
        }

        @Override
        public @Nullable Object absent() {
            return null;
        }

        @Override
        public void write(WireWriter out, int number, Object value) {
            out.nested(number, inner -> RecordType.of(javaType).write(inner, javaType.cast(value)));
        }

        @Override
        public Object read(WireReader in, @Nullable Object before) throws WireException {
            return RecordType.of(javaType).read(in.nested());
        }
    }

    /** A {@link Value}; nil is sent as a value without a kind, or not at all. */
    record ValueKind() implements FieldKind {
        @Override
        public String protoType() {
            return ValueCodec.NAME;
        }

        @Override
        public int wireType() {
            return WireReader.LENGTH;
        }

        @Override
        public Object absent() {
            return Value.nil();
        }

        @Override
        public void write(WireWriter out, int number, Object value) {
            out.nested(number, inner -> ValueCodec.write(inner, (Value) value));
        }

        @Override
        public Object read(WireReader in, @Nullable Object before) throws WireException {
            return ValueCodec.read(in.nested());
        }
    }

    /** Any number of fields of one kind: a list. */
    record Repeated(FieldKind element) implements FieldKind {
        @Override
        public String protoType() {
            return element.protoType();
        }

        @Override
        public String label() {
            return "repeated";
        }

        @Override
        public int wireType() {
            return element.wireType();
        }

        @Override
        public Object absent() {
            return List.of();
        }

        @Override
        public void write(WireWriter out, int number, Object value) {
            for (var item : (List<?>) value) {
                element.write(out, number, item);
            }
        }

        @Override
        @SuppressWarnings("unchecked")
        public Object read(WireReader in, @Nullable Object before) throws WireException {
            var list = before == null ? new ArrayList<>() : (List<Object>) before;
            list.add(element.read(in, null));
            return list;
        }
    }

    /** A map with string keys: repeated entries of key 1 and value 2. */
    record Mapping(FieldKind value) implements FieldKind {
        @Override
        public String protoType() {
            return "map<string," + value.protoType() + ">";
        }

        @Override
        public String label() {
            return "map";
        }

        @Override
        public int wireType() {
            return WireReader.LENGTH;
        }

        @Override
        public Object absent() {
            return Map.of();
        }

        @Override
        public void write(WireWriter out, int number, Object map) {
            ((Map<?, ?>) map)
                    .forEach((key, item) ->
                            out.nested(
                                    number,
                                    entry -> {
                                        entry.text(1, (String) key);
                                        value.write(entry, 2, item);
                                    }));
        }

        @Override
        @SuppressWarnings("unchecked")
        public Object read(WireReader in, @Nullable Object before) throws WireException {
            var map =
                    before == null ? new LinkedHashMap<>() : (Map<Object, @Nullable Object>) before;
            var entry = in.nested();
            Object key = "";
            var item = value.absent();
            while (entry.hasMore()) {
                int tag = entry.tag();
                if (tag == ((1 << 3) | WireReader.LENGTH)) {
                    key = entry.text();
                } else if (tag == ((2 << 3) | value.wireType())) {
                    item = value.read(entry, null);
                } else {
                    entry.skip(tag);
                }
            }
            map.put(key, item);
            return map;
        }
    }
}
