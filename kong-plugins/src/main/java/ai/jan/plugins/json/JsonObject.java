// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.json;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** The members of an object, in their order; each name is there once. Immutable. */
public final class JsonObject implements Iterable<JsonMember> {
    private final JsonValue value;
    private final List<JsonMember> members;

    private JsonObject(JsonValue value, List<JsonMember> members) {
        this.value = value;
        this.members = members;
    }

    static JsonObject of(JsonValue value) {
        List<JsonMember> members = new ArrayList<>();
        if (value.is(JsonValue.Kind.OBJECT)) {
            var bytes = value.bytes();
            var text = value.text();
            int at = Scanner.afterSpace(bytes, value.start() + 1);
            while (bytes.byteAt(at) != '}') {
                int nameEnd = text.end(at);
                int colon = Scanner.afterSpace(bytes, nameEnd);
                int start = Scanner.afterSpace(bytes, colon + 1);
                int end = text.end(start);
                members.add(
                        new JsonMember(
                                Strings.decoded(bytes, at + 1, nameEnd - 1),
                                at,
                                new JsonValue(text, start, end)));
                at = Scanner.afterSpace(bytes, end);
                if (bytes.byteAt(at) == ',') {
                    at = Scanner.afterSpace(bytes, at + 1);
                }
            }
        }
        return new JsonObject(value, members);
    }

    /** The value of that name, null included. */
    public Optional<JsonValue> get(String name) {
        for (var member : members) {
            if (member.name().equals(name)) {
                return Optional.of(member.value());
            }
        }
        return Optional.empty();
    }

    /** The value of that name; null counts as none. */
    public Optional<JsonValue> present(String name) {
        return get(name).filter(found -> !found.is(JsonValue.Kind.NULL));
    }

    /** What the string of that name says; nothing if it is no string. */
    public Optional<String> string(String name) {
        return get(name).filter(found -> found.is(JsonValue.Kind.STRING)).map(JsonValue::string);
    }

    @Override
    public Iterator<JsonMember> iterator() {
        return members.iterator();
    }

    List<JsonMember> members() {
        return members;
    }

    JsonValue value() {
        return value;
    }
}
