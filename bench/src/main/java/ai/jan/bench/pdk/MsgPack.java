// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.pdk;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** As much of MessagePack as {@code MsgPack:1} needs. */
final class MsgPack {
    private MsgPack() {}

    static void write(ByteBuffer out, @Nullable Object value) {
        switch (value) {
            case null -> out.put((byte) 0xC0);
            case Integer number -> out.put((byte) 0xD2).putInt(number);
            case Long number -> out.put((byte) 0xD3).putLong(number);
            case String text -> {
                var bytes = text.getBytes(StandardCharsets.UTF_8);
                if (bytes.length < 32) {
                    out.put((byte) (0xA0 | bytes.length));
                } else {
                    out.put((byte) 0xDA).putShort((short) bytes.length);
                }
                out.put(bytes);
            }
            case List<?> list -> {
                out.put((byte) (0x90 | list.size()));
                list.forEach(item -> write(out, item));
            }
            case Map<?, ?> map -> {
                out.put((byte) (0x80 | map.size()));
                map.forEach((key, item) -> {
                    write(out, key);
                    write(out, item);
                });
            }
            default -> throw new IllegalArgumentException("not packed here: " + value.getClass());
        }
    }

    /** The next value, or nothing, and nothing taken, if it has not come as a whole. */
    static Optional<Object> read(ByteBuffer in) throws IOException {
        int start = in.position();
        try {
            return Optional.ofNullable(value(in));
        } catch (BufferUnderflowException e) {
            in.position(start);
            return Optional.empty();
        }
    }

    private static @Nullable Object value(ByteBuffer in) throws IOException {
        int tag = Byte.toUnsignedInt(in.get());
        if (tag < 0x80) {
            return (long) tag;
        }
        if (tag >= 0xE0) {
            return (long) (byte) tag;
        }
        return switch (tag & 0xF0) {
            case 0x80 -> map(in, tag & 0x0F);
            case 0x90 -> list(in, tag & 0x0F);
            case 0xA0, 0xB0 -> text(in, tag & 0x1F);
            default -> longer(in, tag);
        };
    }

    private static @Nullable Object longer(ByteBuffer in, int tag) throws IOException {
        return switch (tag) {
            case 0xC0 -> null;
            case 0xC2 -> false;
            case 0xC3 -> true;
            case 0xCB -> in.getDouble();
            case 0xCC -> (long) Byte.toUnsignedInt(in.get());
            case 0xD0 -> (long) in.get();
            case 0xCD -> (long) Short.toUnsignedInt(in.getShort());
            case 0xCE -> Integer.toUnsignedLong(in.getInt());
            case 0xCF, 0xD3 -> in.getLong();
            case 0xD1 -> (long) in.getShort();
            case 0xD2 -> (long) in.getInt();
            case 0xC4, 0xD9 -> text(in, Byte.toUnsignedInt(in.get()));
            case 0xC5, 0xDA -> text(in, Short.toUnsignedInt(in.getShort()));
            case 0xDC -> list(in, Short.toUnsignedInt(in.getShort()));
            case 0xDE -> map(in, Short.toUnsignedInt(in.getShort()));
            default -> throw new IOException("unknown MessagePack type " + tag);
        };
    }

    private static String text(ByteBuffer in, int length) {
        var bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static List<@Nullable Object> list(ByteBuffer in, int size) throws IOException {
        var list = new ArrayList<@Nullable Object>(size);
        for (int i = 0; i < size; i++) {
            list.add(value(in));
        }
        return list;
    }

    private static Map<@Nullable Object, @Nullable Object> map(ByteBuffer in, int size)
            throws IOException {
        var map = new LinkedHashMap<@Nullable Object, @Nullable Object>();
        for (int i = 0; i < size; i++) {
            map.put(value(in), value(in));
        }
        return map;
    }
}
