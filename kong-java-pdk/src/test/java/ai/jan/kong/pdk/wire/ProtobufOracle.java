// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.wire;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import com.google.protobuf.DescriptorProtos.OneofDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The protocol's messages in protobuf-java, made from the list of fields and nothing of ours. */
final class ProtobufOracle {
    private static final Map<String, Type> SCALARS =
            Map.of(
                    "string", Type.TYPE_STRING,
                    "bytes", Type.TYPE_BYTES,
                    "int32", Type.TYPE_INT32,
                    "int64", Type.TYPE_INT64,
                    "bool", Type.TYPE_BOOL,
                    "double", Type.TYPE_DOUBLE,
                    "enum google.protobuf.NullValue", Type.TYPE_INT32);

    private final FileDescriptor file;

    ProtobufOracle() throws Exception {
        Map<String, DescriptorProto.Builder> messages = new LinkedHashMap<>();
        Map<String, List<String>> oneofs = new LinkedHashMap<>();
        for (var line : lines()) {
            var parts = line.split("\t");
            var message = messages.computeIfAbsent(flat(parts[0]), ProtobufOracle::message);
            var field = field(message, parts[1], Integer.parseInt(parts[2]), parts[3], parts[4]);
            if (parts[4].startsWith("oneof:")) {
                var names = oneofs.computeIfAbsent(flat(parts[0]), _ -> new ArrayList<>());
                if (!names.contains(parts[4])) {
                    names.add(parts[4]);
                    message.addOneofDecl(
                            OneofDescriptorProto.newBuilder().setName(parts[4].substring(6)));
                }
                field.setOneofIndex(names.indexOf(parts[4]));
            }
            message.addField(field);
        }
        for (var empty : List.of("CmdGetPluginNames", "google_protobuf_Empty")) {
            messages.putIfAbsent(empty, message(empty));
        }
        var proto = FileDescriptorProto.newBuilder().setName("k.proto").setSyntax("proto3");
        messages.values().forEach(proto::addMessageType);
        file = FileDescriptor.buildFrom(proto.build(), new FileDescriptor[0]);
    }

    Descriptor type(String name) {
        return file.findMessageTypeByName(flat(name));
    }

    private static List<String> lines() throws Exception {
        try (var in = ProtobufOracle.class.getResourceAsStream("pluginsocket-fields.tsv")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().skip(1).toList();
        }
    }

    private static DescriptorProto.Builder message(String name) {
        return DescriptorProto.newBuilder().setName(name);
    }

    private static String flat(String name) {
        return name.replace('.', '_');
    }

    private static FieldDescriptorProto.Builder field(
            DescriptorProto.Builder message, String name, int number, String type, String label) {
        var field = FieldDescriptorProto.newBuilder().setName(name).setNumber(number);
        field.setLabel(
                label.equals("repeated") || label.equals("map")
                        ? Label.LABEL_REPEATED
                        : Label.LABEL_OPTIONAL);
        if (label.equals("map")) {
            var camel = Character.toUpperCase(name.charAt(0)) + name.substring(1) + "Entry";
            var value = type.substring("map<string,".length(), type.length() - 1);
            message.addNestedType(
                    message(camel)
                            .setOptions(MessageOptions.newBuilder().setMapEntry(true))
                            .addField(field(message, "key", 1, "string", "singular"))
                            .addField(field(message, "value", 2, value, "singular")));
            return field.setType(Type.TYPE_MESSAGE)
                    .setTypeName("." + message.getName() + "." + camel);
        }
        var scalar = SCALARS.get(type);
        return scalar != null
                ? field.setType(scalar)
                : field.setType(Type.TYPE_MESSAGE).setTypeName("." + flat(type));
    }

    /** A message with random content; a value is never null, for which we have another form. */
    DynamicMessage random(Descriptor type, Random random, int depth) {
        var message = DynamicMessage.newBuilder(type);
        for (var oneof : type.getOneofs()) {
            var field = oneof.getField(random.nextInt(oneof.getFieldCount()));
            if (depth < 4 && !field.getName().equals("null_value") && random.nextInt(8) > 0) {
                message.setField(field, value(message, field, random, depth));
            }
        }
        for (var field : type.getFields()) {
            if (field.getContainingOneof() != null || depth >= 4 || random.nextInt(4) == 0) {
                continue;
            }
            if (field.isMapField()) {
                for (int i = random.nextInt(4); i > 0; i--) {
                    var entry = message.newBuilderForField(field);
                    var entryType = field.getMessageType();
                    entry.setField(entryType.findFieldByNumber(1), i + text(random));
                    var item = entryType.findFieldByNumber(2);
                    entry.setField(item, value(entry, item, random, depth));
                    message.addRepeatedField(field, entry.build());
                }
            } else if (field.isRepeated()) {
                for (int i = random.nextInt(4); i > 0; i--) {
                    message.addRepeatedField(field, value(message, field, random, depth));
                }
            } else if (!isNilValue(field, random, depth)) {
                message.setField(field, value(message, field, random, depth));
            }
        }
        return message.build();
    }

    /** A single value of nothing is written as an absent field. */
    private static boolean isNilValue(FieldDescriptor field, Random random, int depth) {
        return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                && field.getMessageType().getName().equals("google_protobuf_Value");
    }

    private Object value(
            DynamicMessage.Builder parent, FieldDescriptor field, Random random, int depth) {
        return switch (field.getType()) {
            case STRING -> text(random);
            case BYTES -> {
                var bytes = new byte[random.nextInt(200)];
                random.nextBytes(bytes);
                yield com.google.protobuf.ByteString.copyFrom(bytes);
            }
            case INT32 -> random.nextInt() >> random.nextInt(32);
            case INT64 -> random.nextLong() >> random.nextInt(64);
            case BOOL -> random.nextBoolean();
            case DOUBLE -> random.nextInt(5) == 0 ? random.nextInt(3) - 1.0 : random.nextGaussian();
            case MESSAGE -> random(field.getMessageType(), random, depth + 1);
            default -> throw new AssertionError(field.getType());
        };
    }

    private static String text(Random random) {
        var text = new StringBuilder();
        for (int i = random.nextInt(20); i > 0; i--) {
            int[] ranges = {0x7F, 0x7FF, 0xD000, 0x10000 + random.nextInt(0xFFFFF)};
            int range = random.nextInt(4);
            text.appendCodePoint(range == 3 ? ranges[3] : random.nextInt(ranges[range]));
        }
        return text.toString();
    }
}
