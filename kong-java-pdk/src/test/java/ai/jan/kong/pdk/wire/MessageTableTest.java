// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.wire;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kong.pdk.message.InstanceStatus;
import ai.jan.kong.pdk.message.RpcCall;
import ai.jan.kong.pdk.message.RpcReturn;
import ai.jan.kong.pdk.wire.FieldKind.Mapping;
import ai.jan.kong.pdk.wire.FieldKind.Nested;
import ai.jan.kong.pdk.wire.FieldKind.Repeated;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Our messages are those of Kong's protocol description, field by field. */
class MessageTableTest {
    /** Left over from an older design, or without a form of their own here. */
    private static final Set<String> NOT_OURS =
            Set.of("StringMap", "PdkArg", "PdkCall", "PdkReturn", "google.protobuf.Value");

    private static final Pattern FIELD =
            Pattern.compile("([^\t]+)\t([^\t]+)\t(\\d+)\t([^\t]+)\t(\\S+)");

    @Test
    void everyFieldHasItsNumberTypeAndLabel() throws Exception {
        assertThat(ours()).containsExactlyInAnyOrderElementsOf(theirs());
    }

    @Test
    void everyMethodOfTheProtocolIsThere() {
        assertThat(PdkMethods.all()).hasSize(74);
    }

    private static Set<String> theirs() throws IOException {
        try (var in = MessageTableTest.class.getResourceAsStream("pluginsocket-fields.tsv")) {
            var lines = new TreeSet<String>();
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .map(FIELD::matcher)
                    .forEach(line -> {
                        assertThat(line.matches()).isTrue();
                        if (!NOT_OURS.contains(line.group(1))) {
                            lines.add(line.group());
                        }
                    });
            return lines;
        }
    }

    private static Set<String> ours() {
        var seen = new LinkedHashMap<String, RecordType<?>>();
        collect(RecordType.of(RpcCall.class), seen);
        collect(RecordType.of(RpcReturn.class), seen);
        collect(RecordType.of(InstanceStatus.class), seen);
        for (var method : PdkMethods.all()) {
            collect(method.argument(), seen);
            collect(method.result(), seen);
        }
        var lines = new TreeSet<String>();
        seen.forEach((name, type) ->
                type.fields()
                        .forEach(field -> {
                            var label =
                                    field.oneof().isEmpty()
                                            ? field.kind().label()
                                            : "oneof:" + field.oneof();
                            lines.add(
                                    String.join(
                                            "\t",
                                            name,
                                            field.name(),
                                            String.valueOf(field.number()),
                                            field.kind().protoType(),
                                            label));
                        }));
        return lines;
    }

    private static void collect(WireType<?> type, Map<String, RecordType<?>> seen) {
        switch (type) {
            case RecordType<?> message -> {
                if (seen.putIfAbsent(message.name(), message) == null) {
                    message.fields().forEach(field -> collect(field.kind(), seen));
                }
            }
            case WireTypes.Box<?> box -> seen.put(box.name(), RecordType.of(box.type()));
            default -> assertThat(type.name()).isEqualTo("google.protobuf.Value");
        }
    }

    private static void collect(FieldKind kind, Map<String, RecordType<?>> seen) {
        switch (kind) {
            case Nested<?> nested -> collect(RecordType.of(nested.javaType()), seen);
            case Repeated(var element) -> collect(element, seen);
            case Mapping(var value) -> collect(value, seen);
            default -> {}
        }
    }
}
