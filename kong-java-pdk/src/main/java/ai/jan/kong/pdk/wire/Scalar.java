// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.wire;

import ai.jan.kong.pdk.Bytes;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A field of one number or string. */
record Scalar(String protoType, Class<?> javaType, int wireType, Object absent, Put put, Take take)
        implements FieldKind {
    private static final List<Scalar> ALL =
            List.of(
                    new Scalar(
                            "string",
                            String.class,
                            WireReader.LENGTH,
                            "",
                            (out, number, value) -> out.text(number, (String) value),
                            WireReader::text),
                    new Scalar(
                            "bytes",
                            Bytes.class,
                            WireReader.LENGTH,
                            Bytes.EMPTY,
                            (out, number, value) -> out.bytes(number, (Bytes) value),
                            WireReader::bytes),
                    new Scalar(
                            "int32",
                            int.class,
                            WireReader.VARINT,
                            0,
                            (out, number, value) -> out.varint(number, (Integer) value),
                            in -> (int) in.varint()),
                    new Scalar(
                            "int64",
                            long.class,
                            WireReader.VARINT,
                            0L,
                            (out, number, value) -> out.varint(number, (Long) value),
                            WireReader::varint),
                    new Scalar(
                            "bool",
                            boolean.class,
                            WireReader.VARINT,
                            false,
                            (out, number, value) -> out.varint(number, (Boolean) value ? 1 : 0),
                            in -> in.varint() != 0),
                    new Scalar(
                            "double",
                            double.class,
                            WireReader.FIXED64,
                            0.0,
                            (out, number, value) -> out.fixed64(number, (Double) value),
                            WireReader::fixed64));

    /** Writes a field. */
    @FunctionalInterface
    interface Put {
        void put(WireWriter out, int number, Object value);
    }

    /** Reads a field after its tag. */
    @FunctionalInterface
    interface Take {
        Object take(WireReader in) throws WireException;
    }

    static Optional<Scalar> of(Type type) {
        return ALL.stream().filter(scalar -> scalar.javaType == type).findFirst();
    }

    /** False is written all the same, as Kong does it, so that it differs from nil. */
    @Override
    public boolean isDefault(Object value) {
        return javaType != boolean.class && value.equals(absent);
    }

    @Override
    public void write(WireWriter out, int number, Object value) {
        put.put(out, number, value);
    }

    @Override
    public Object read(WireReader in, @Nullable Object before) throws WireException {
        return take.take(in);
    }
}
