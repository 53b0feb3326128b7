// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.json;

import ai.jan.kit.json.Json;
import ai.jan.kong.pdk.Bytes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Changes of a text; everything else keeps its bytes. Changes of the same place exclude each other,
 * but for insertions, which come before what is replaced there. Not thread-safe.
 */
public final class JsonEdits {
    private record Edit(int start, int end, Bytes bytes) {}

    private final JsonText text;
    private final List<Edit> edits = new ArrayList<>();
    private final Map<JsonObject, Set<String>> removed = new LinkedHashMap<>();
    private final Map<JsonObject, Map<String, String>> added = new LinkedHashMap<>();

    public JsonEdits(JsonText text) {
        this.text = text;
    }

    /** Writes another value in the place of one. */
    public void replace(JsonValue old, Object value) {
        edits.add(new Edit(old.start(), old.end(), Bytes.of(Json.bytes(value))));
    }

    /** Puts a text before what a string says. */
    public void prepend(JsonValue string, String before) {
        var quoted = Json.text(before);
        insert(string.start() + 1, quoted.substring(1, quoted.length() - 1));
    }

    /** Puts a value before the elements of an array. */
    public void prependElement(JsonValue array, Object value) {
        int first = Scanner.afterSpace(array.bytes(), array.start() + 1);
        boolean isEmpty = array.bytes().byteAt(first) == ']';
        insert(array.start() + 1, Json.text(value) + (isEmpty ? "" : ","));
    }

    /** Sets a member of an object: in its place if it is there, else before all others. */
    public void set(JsonObject object, String name, Object value) {
        object.get(name)
                .ifPresentOrElse(
                        old -> replace(old, value),
                        () ->
                                added.computeIfAbsent(object, _ -> new LinkedHashMap<>())
                                        .put(name, Json.text(value)));
    }

    /** Removes a member of an object, with the comma that separates it. */
    public void remove(JsonObject object, String name) {
        removed.computeIfAbsent(object, _ -> new HashSet<>()).add(name);
    }

    /**
     * The changed text, without what was surplus.
     *
     * @return nothing if it would be the same text
     */
    public Optional<byte[]> apply() {
        removed.forEach(this::cut);
        added.forEach(this::addMembers);
        added.clear();
        removed.clear();
        if (edits.isEmpty() && !text.hasSurplus()) {
            return Optional.empty();
        }
        edits.sort(Comparator.comparingInt(Edit::start).thenComparingInt(Edit::end));
        int end = text.hasSurplus() ? text.root().end() : text.bytes().length();
        int length = end;
        for (var edit : edits) {
            length += edit.bytes.length() - (edit.end - edit.start);
        }
        var changed = new byte[length];
        int from = 0;
        int to = 0;
        for (var edit : edits) {
            if (edit.start < from) {
                throw new IllegalStateException("two changes of the same place");
            }
            text.bytes().copyTo(from, edit.start, changed, to);
            to += edit.start - from;
            edit.bytes.copyTo(changed, to);
            to += edit.bytes.length();
            from = edit.end;
        }
        text.bytes().copyTo(from, end, changed, to);
        return Optional.of(changed);
    }

    private void insert(int at, String json) {
        edits.add(new Edit(at, at, Bytes.utf8(json)));
    }

    /** Each removed member goes up to the next one; those at the end from the last that stays. */
    private void cut(JsonObject object, Set<String> names) {
        var members = object.members();
        int kept = members.size();
        while (kept > 0 && names.contains(members.get(kept - 1).name())) {
            kept--;
        }
        for (int i = 0; i < kept; i++) {
            if (names.contains(members.get(i).name())) {
                edits.add(
                        new Edit(members.get(i).start(), members.get(i + 1).start(), Bytes.EMPTY));
            }
        }
        if (kept < members.size()) {
            int start =
                    kept == 0 ? members.getFirst().start() : members.get(kept - 1).value().end();
            edits.add(new Edit(start, members.getLast().value().end(), Bytes.EMPTY));
        }
    }

    private void addMembers(JsonObject object, Map<String, String> values) {
        var gone = removed.getOrDefault(object, Set.of());
        boolean staysEmpty =
                object.members().stream().allMatch(member -> gone.contains(member.name()));
        var json = new StringBuilder();
        values.forEach((name, value) -> {
            json.append(json.isEmpty() ? "" : ",")
                    .append(Json.text(name))
                    .append(':')
                    .append(value);
        });
        insert(object.value().start() + 1, json + (staysEmpty ? "" : ","));
    }
}
