// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Typed access to the members of a JSON object that came from a client. Null counts as absent.
 * Every method throws an {@link ai.jan.kit.problem.ApiProblem} that names the member's path.
 */
public final class Fields {
    private final ObjectNode object;
    private final String prefix;

    private Fields(ObjectNode object, String prefix) {
        this.object = object;
        this.prefix = prefix;
    }

    /** The members of a request's body. */
    public static Fields of(ObjectNode body) {
        return new Fields(body, "");
    }

    /**
     * The members of an object within the body.
     *
     * @param path of the value, such as {@code items[0]}
     */
    public static Fields of(JsonNode value, String path) {
        if (value instanceof ObjectNode object) {
            return new Fields(object, path + ".");
        }
        throw Invalid.type(path, "an object", value);
    }

    public String path(String name) {
        return prefix + name;
    }

    public Optional<JsonNode> value(String name) {
        var value = object.path(name);
        return value.isMissingNode() || value.isNull() ? Optional.empty() : Optional.of(value);
    }

    public JsonNode required(String name) {
        return value(name).orElseThrow(() -> Invalid.missing(path(name)));
    }

    public Optional<String> text(String name) {
        return value(name)
                .map(value -> {
                    if (!value.isTextual()) {
                        throw Invalid.type(path(name), "a string", value);
                    }
                    return value.textValue();
                });
    }

    public String requiredText(String name) {
        required(name);
        return text(name).orElseThrow();
    }

    public Optional<String> oneOf(String name, Collection<String> allowed) {
        var text = text(name);
        if (text.isPresent() && !allowed.contains(text.get())) {
            throw Invalid.value(path(name), allowed);
        }
        return text;
    }

    /** Checks how long a text is, in characters, and that the database can keep it. */
    public void checkText(String name, String text, int least, int most) {
        int length = text.codePointCount(0, text.length());
        if (length < least) {
            throw Invalid.emptyText(path(name));
        }
        if (length > most) {
            throw Invalid.tooLong(path(name), most, length);
        }
        if (text.indexOf('\0') >= 0) {
            throw Invalid.value(path(name), "text without NUL");
        }
    }

    public boolean flag(String name) {
        return optionalFlag(name).orElse(false);
    }

    public Optional<Boolean> optionalFlag(String name) {
        return value(name)
                .map(value -> {
                    if (!value.isBoolean()) {
                        throw Invalid.type(path(name), "a boolean", value);
                    }
                    return value.booleanValue();
                });
    }

    /** The names of the members, also of those that are null. */
    public List<String> names() {
        return object.properties().stream().map(Map.Entry::getKey).toList();
    }

    /** Refuses members that are not known. */
    public void only(Collection<String> known) {
        for (var name : names()) {
            if (!known.contains(name)) {
                throw Invalid.unknown(path(name), name, known, names());
            }
        }
    }

    /** The members of an object in here. */
    public Optional<Fields> object(String name) {
        return value(name).map(value -> of(value, path(name)));
    }

    public Fields requiredObject(String name) {
        return of(required(name), path(name));
    }

    public Optional<ArrayNode> array(String name) {
        return value(name)
                .map(value -> {
                    if (!(value instanceof ArrayNode array)) {
                        throw Invalid.type(path(name), "an array", value);
                    }
                    return array;
                });
    }

    /** Checks a whole number, if there is one. */
    public void integer(String name, long least, long most) {
        value(name)
                .ifPresent(value -> {
                    if (!value.isIntegralNumber()) {
                        throw Invalid.type(path(name), "an integer", value);
                    }
                    if (!value.canConvertToLong() || value.longValue() > most) {
                        throw value.bigIntegerValue().signum() < 0
                                ? Invalid.below("integer", path(name), least, value)
                                : Invalid.above("integer", path(name), most, value);
                    }
                    if (value.longValue() < least) {
                        throw Invalid.below("integer", path(name), least, value);
                    }
                });
    }

    /** Checks a number, if there is one. */
    public void decimal(String name, double least, double most) {
        value(name)
                .ifPresent(value -> {
                    if (!value.isNumber()) {
                        throw Invalid.type(path(name), "a decimal", value);
                    }
                    if (value.doubleValue() < least) {
                        throw Invalid.below("decimal", path(name), least, value);
                    }
                    if (value.doubleValue() > most) {
                        throw Invalid.above("decimal", path(name), most, value);
                    }
                });
    }
}
