// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.json;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kit.json.Json;
import ai.jan.kong.pdk.Bytes;
import ai.jan.plugins.rewrite.RandomJson;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Against another reader of JSON, in its strictest mode. */
class JsonFuzzTest {
    @Test
    void takesAndReadsWhatJacksonDoes() throws Exception {
        compare(20_000, 20_261_123);
        edit(5_000, 20_261_123);
    }

    @Test
    @Tag("soak")
    void takesAndReadsWhatJacksonDoesForLong() throws Exception {
        compare(5_000_000, System.nanoTime());
        edit(2_000_000, System.nanoTime());
    }

    private static void compare(int texts, long seed) {
        var random = new Random(seed);
        var json = new RandomJson(random);
        int taken = 0;
        for (int i = 0; i < texts; i++) {
            var text = json.value(4).getBytes(StandardCharsets.UTF_8);
            var bytes = random.nextBoolean() ? json.damaged(text) : text;
            var shown = "seed " + seed + ": " + new String(bytes, StandardCharsets.UTF_8);
            var ours = ours(bytes);
            var theirs = theirs(bytes);
            if (ours != null) {
                taken++;
                assertThat(theirs).as(shown).isNotNull();
                assertThat(tree(ours)).as(shown).isEqualTo(plain(theirs));
            } else if (theirs != null) {
                assertThat(new String(bytes, StandardCharsets.UTF_8))
                        .as(shown)
                        .containsAnyOf("\\ud", "\\uD"); // half surrogate pairs: only we refuse them
            }
        }
        assertThat(taken).isGreaterThan(texts / 10);
    }

    /** Every member is either as it was, byte for byte, or as it was asked to be. */
    private static void edit(int texts, long seed) throws Exception {
        var random = new Random(seed);
        var json = new RandomJson(random);
        for (int i = 0; i < texts; i++) {
            var bytes = Bytes.utf8(json.value(3));
            var text = ours(bytes.toArray());
            if (text == null || !text.root().is(JsonValue.Kind.OBJECT)) {
                continue;
            }
            var root = text.root().object();
            var edits = new JsonEdits(text);
            Map<String, Integer> set = new HashMap<>();
            Set<String> removed = new HashSet<>();
            for (var member : root) {
                switch (random.nextInt(4)) {
                    case 0 -> set.put(member.name(), random.nextInt());
                    case 1 -> removed.add(member.name());
                    default -> {}
                }
            }
            if (random.nextBoolean()) {
                set.put("added", 1);
            }
            set.forEach((name, value) -> edits.set(root, name, value));
            removed.forEach(name -> edits.remove(root, name));
            var result = Bytes.of(edits.apply().orElse(bytes.toArray()));
            var edited = JsonText.of(result).root().object();
            for (var member : edited) {
                var name = member.name();
                assertThat(removed).doesNotContain(name);
                var expected =
                        set.containsKey(name)
                                ? set.get(name).toString()
                                : raw(bytes, root.get(name).orElseThrow());
                assertThat(raw(result, member.value())).isEqualTo(expected);
            }
            var names = new HashSet<>(set.keySet());
            root.forEach(member -> names.add(member.name()));
            names.removeAll(removed);
            assertThat(edited).hasSize(names.size());
        }
    }

    private static String raw(Bytes bytes, JsonValue value) {
        return bytes.utf8(value.start(), value.end());
    }

    private static JsonText ours(byte[] bytes) {
        try {
            var text = JsonText.of(Bytes.of(bytes));
            return text.hasSurplus() ? null : text;
        } catch (JsonFault e) {
            return null;
        }
    }

    private static JsonNode theirs(byte[] bytes) {
        try {
            var node = Json.parseUnambiguous(bytes);
            return node == null || node.isMissingNode() ? null : node;
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private static Object tree(JsonText text) {
        return tree(text.root());
    }

    private static Object tree(JsonValue value) {
        return switch (value.kind()) {
            case OBJECT -> {
                var members = new HashMap<String, Object>();
                value.object().forEach(each -> members.put(each.name(), tree(each.value())));
                yield members;
            }
            case ARRAY -> value.elements().stream().map(JsonFuzzTest::tree).toList();
            case STRING -> value.string();
            case INTEGER, DECIMAL -> "number";
            case BOOLEAN -> value.isTrue();
            case NULL -> "null";
        };
    }

    private static Object plain(JsonNode node) {
        if (node instanceof ObjectNode object) {
            var members = new HashMap<String, Object>();
            object.properties().forEach(each -> members.put(each.getKey(), plain(each.getValue())));
            return members;
        }
        if (node.isArray()) {
            return node.valueStream().map(JsonFuzzTest::plain).toList();
        }
        return node.isTextual()
                ? node.textValue()
                : node.isBoolean()
                        ? (Object) node.booleanValue()
                        : node.isNull() ? "null" : "number";
    }
}
