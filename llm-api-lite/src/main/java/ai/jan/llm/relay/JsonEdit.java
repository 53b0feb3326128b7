// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.relay;

import ai.jan.kit.json.Json;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Changes members of a JSON object and leaves all others as they were written, so that order,
 * numbers and members nobody here knows reach the other side untouched.
 */
public final class JsonEdit {
    private final String json;
    private final Map<String, Optional<String>> changes = new LinkedHashMap<>();
    private final Set<String> nulls = new HashSet<>();

    /**
     * @param json text that is known to be one JSON object
     */
    public JsonEdit(String json) {
        this.json = json;
    }

    /** Takes a member out, if it is there. */
    public JsonEdit remove(String name) {
        changes.put(name, Optional.empty());
        return this;
    }

    /** Takes a member out if it is null. */
    public JsonEdit removeNull(String name) {
        nulls.add(name);
        return this;
    }

    /** Replaces a member, or adds it in front if there is none. */
    public JsonEdit set(String name, String value) {
        changes.put(name, Optional.of(value));
        return this;
    }

    /** The changed text; the very text if there was nothing to change. */
    public String apply() {
        var unused = new LinkedHashMap<>(changes);
        var members = new StringBuilder();
        boolean changed = false;
        try (var parser = Json.factory().createParser(json)) {
            parser.nextToken();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                int start = startOfToken(parser);
                var name = parser.currentName();
                parser.nextToken();
                int valueStart = startOfToken(parser);
                boolean isNull = parser.currentToken() == JsonToken.VALUE_NULL;
                int end = endOfValue(parser);
                unused.remove(name);
                boolean isOut = isNull && nulls.contains(name);
                changed |= isOut || changes.containsKey(name);
                if (isOut) {
                    continue;
                }
                if (!changes.containsKey(name)) {
                    append(members, json.substring(start, end));
                } else {
                    changes.get(name)
                            .ifPresent(value ->
                                    append(members, json.substring(start, valueStart) + value));
                }
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("not a JSON object", e);
        }
        if (!changed && unused.values().stream().allMatch(Optional::isEmpty)) {
            return json;
        }
        return "{" + added(unused, members.isEmpty()) + members + "}";
    }

    private static String added(Map<String, Optional<String>> unused, boolean alone) {
        var added = new StringBuilder();
        unused.forEach((name, value) ->
                value.ifPresent(text -> append(added, Json.text(name) + ":" + text)));
        return alone || added.isEmpty() ? added.toString() : added + ",";
    }

    private static void append(StringBuilder members, String member) {
        members.append(members.isEmpty() ? "" : ",").append(member);
    }

    private static int startOfToken(JsonParser parser) {
        return (int) parser.currentTokenLocation().getCharOffset();
    }

    private static int endOfValue(JsonParser parser) throws IOException {
        parser.skipChildren();
        parser.finishToken();
        return (int) parser.currentLocation().getCharOffset();
    }
}
