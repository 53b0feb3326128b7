// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.wire;

import ai.jan.kong.pdk.message.ListValue;
import ai.jan.kong.pdk.message.Struct;
import ai.jan.kong.pdk.message.Value;

/**
 * {@code google.protobuf.Value}. Any {@code null_value} is nil: Kong sends 1, the enum has only 0.
 */
final class ValueCodec implements WireType<Value> {
    static final String NAME = "google.protobuf.Value";

    private static final int NULL = 1;
    private static final int NUMBER = 2;
    private static final int STRING = 3;
    private static final int BOOL = 4;
    private static final int STRUCT = 5;
    private static final int LIST = 6;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public byte[] encode(Value value) {
        var out = new WireWriter();
        write(out, value);
        return out.toByteArray();
    }

    @Override
    public Value decode(byte[] payload) throws WireException {
        return read(new WireReader(payload));
    }

    @Override
    public Value decodeAsKong(byte[] payload) throws WireException {
        return read(WireReader.asKong(payload));
    }

    static void write(WireWriter out, Value value) {
        switch (value) {
            case Value.Nil _ -> {} // no kind at all: Kong reads null_value as a string or a number
            case Value.Num(var number) -> out.fixed64(NUMBER, number);
            case Value.Text(var text) -> out.text(STRING, text);
            case Value.Flag(var set) -> out.varint(BOOL, set ? 1 : 0);
            case Struct struct ->
                    out.nested(STRUCT, inner -> RecordType.of(Struct.class).write(inner, struct));
            case ListValue list ->
                    out.nested(LIST, inner -> RecordType.of(ListValue.class).write(inner, list));
        }
    }

    static Value read(WireReader in) throws WireException {
        var value = Value.nil();
        while (in.hasMore()) {
            int tag = in.tag();
            switch (tag) {
                case (NULL << 3) | WireReader.VARINT -> value = nullValue(in);
                case (NUMBER << 3) | WireReader.FIXED64 -> value = new Value.Num(in.fixed64());
                case (STRING << 3) | WireReader.LENGTH -> value = new Value.Text(in.text());
                case (BOOL << 3) | WireReader.VARINT -> value = new Value.Flag(in.varint() != 0);
                case (STRUCT << 3) | WireReader.LENGTH ->
                        value = RecordType.of(Struct.class).read(in.nested());
                case (LIST << 3) | WireReader.LENGTH ->
                        value = RecordType.of(ListValue.class).read(in.nested());
                default -> in.skip(tag);
            }
        }
        return value;
    }

    private static Value nullValue(WireReader in) throws WireException {
        long number = in.varint();
        if (!in.isKong()) {
            return Value.nil();
        }
        return number == 0 ? new Value.Text("NULL_VALUE") : new Value.Num(number);
    }
}
