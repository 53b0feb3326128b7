// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.wire;

import ai.jan.kong.pdk.Bytes;
import ai.jan.kong.pdk.message.AuthenticateArgs;
import ai.jan.kong.pdk.message.AuthenticatedCredential;
import ai.jan.kong.pdk.message.Consumer;
import ai.jan.kong.pdk.message.ConsumerSpec;
import ai.jan.kong.pdk.message.Empty;
import ai.jan.kong.pdk.message.ExitArgs;
import ai.jan.kong.pdk.message.Field;
import ai.jan.kong.pdk.message.Kv;
import ai.jan.kong.pdk.message.ListValue;
import ai.jan.kong.pdk.message.MemoryStats;
import ai.jan.kong.pdk.message.ProtoName;
import ai.jan.kong.pdk.message.RawBodyResult;
import ai.jan.kong.pdk.message.Route;
import ai.jan.kong.pdk.message.RpcCall;
import ai.jan.kong.pdk.message.RpcReturn;
import ai.jan.kong.pdk.message.Service;
import ai.jan.kong.pdk.message.Struct;
import ai.jan.kong.pdk.message.Target;
import ai.jan.kong.pdk.message.UriCapturesResult;
import ai.jan.kong.pdk.message.Value;
import java.util.Objects;

/** The messages that are a frame of their own. */
public final class WireTypes {
    public static final WireType<RpcCall> RPC_CALL = RecordType.of(RpcCall.class);
    public static final WireType<RpcReturn> RPC_RETURN = RecordType.of(RpcReturn.class);

    public static final WireType<Empty> EMPTY = RecordType.of(Empty.class);
    public static final WireType<String> STRING = Box.of(Text.class);
    public static final WireType<Integer> INT = Box.of(Int.class);
    public static final WireType<Double> NUMBER = Box.of(Num.class);
    public static final WireType<Boolean> BOOL = Box.of(Bool.class);
    public static final WireType<Bytes> BYTE_STRING = Box.of(ByteString.class);

    public static final WireType<Value> VALUE = new ValueCodec();
    public static final WireType<Struct> STRUCT = RecordType.of(Struct.class);
    public static final WireType<ListValue> LIST_VALUE = RecordType.of(ListValue.class);
    public static final WireType<Kv> KV = RecordType.of(Kv.class);

    public static final WireType<ExitArgs> EXIT_ARGS = RecordType.of(ExitArgs.class);
    public static final WireType<RawBodyResult> RAW_BODY_RESULT =
            RecordType.of(RawBodyResult.class);
    public static final WireType<UriCapturesResult> URI_CAPTURES_RESULT =
            RecordType.of(UriCapturesResult.class);
    public static final WireType<Route> ROUTE = RecordType.of(Route.class);
    public static final WireType<Service> SERVICE = RecordType.of(Service.class);
    public static final WireType<Target> TARGET = RecordType.of(Target.class);
    public static final WireType<ConsumerSpec> CONSUMER_SPEC = RecordType.of(ConsumerSpec.class);
    public static final WireType<Consumer> CONSUMER = RecordType.of(Consumer.class);
    public static final WireType<AuthenticatedCredential> AUTHENTICATED_CREDENTIAL =
            RecordType.of(AuthenticatedCredential.class);
    public static final WireType<AuthenticateArgs> AUTHENTICATE_ARGS =
            RecordType.of(AuthenticateArgs.class);
    public static final WireType<MemoryStats> MEMORY_STATS = RecordType.of(MemoryStats.class);

    private WireTypes() {}

    @ProtoName("String")
    record Text(@Field(1) String v) {}

    record Int(@Field(1) int v) {}

    @ProtoName("Number")
    record Num(@Field(1) double v) {}

    record Bool(@Field(1) boolean v) {}

    record ByteString(@Field(1) Bytes v) {}

    /**
     * A message of one field, whose Java form is that field. Most of what is on the wire is one, so
     * no record is made for it.
     */
    record Box<T>(Class<? extends Record> type, RecordType.FieldType field) implements WireType<T> {
        static <T> Box<T> of(Class<? extends Record> type) {
            return new Box<>(type, RecordType.of(type).fields().getFirst());
        }

        @Override
        public String name() {
            var given = type.getAnnotation(ProtoName.class);
            return given == null ? type.getSimpleName() : given.value();
        }

        @Override
        public byte[] encode(T value) {
            if (field.kind().isDefault(value)) {
                return new byte[0];
            }
            var out = new WireWriter();
            field.kind().write(out, field.number(), value);
            return out.toByteArray();
        }

        @Override
        @SuppressWarnings("unchecked") // the field's kind reads its component's type
        public T decode(byte[] payload) throws WireException {
            var in = new WireReader(payload);
            var value = Objects.requireNonNull(field.kind().absent());
            while (in.hasMore()) {
                int tag = in.tag();
                if (tag >>> 3 == field.number() && (tag & 7) == field.kind().wireType()) {
                    value = field.kind().read(in, value);
                } else {
                    in.skip(tag);
                }
            }
            return (T) value;
        }
    }
}
