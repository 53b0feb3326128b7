// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.rewrite;

import ai.jan.plugins.json.JsonMember;
import ai.jan.plugins.json.JsonObject;
import ai.jan.plugins.json.JsonValue;
import ai.jan.plugins.json.JsonValue.Kind;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayDeque;
import java.util.Set;

/**
 * The forms an answer may be asked to have. A model server compiles a schema's regular expressions:
 * only those that can be matched in linear time, and are short, get there.
 */
final class OutputFormat {
    private static final Set<String> TYPES = Set.of("text", "json_object", "json_schema");
    private static final int MAX_PATTERN = 500;
    private static final int MAX_REPEAT = 100;
    private static final java.util.regex.Pattern REPEAT =
            java.util.regex.Pattern.compile("\\{(\\d{1,9})(?:,(\\d{0,9}))?\\}");

    private OutputFormat() {}

    /**
     * @throws ai.jan.kit.problem.ApiProblem 400 if it is another form, or a pattern is refused
     */
    static void check(ModelCall call, JsonObject body) {
        if (call == ModelCall.CHAT || call == ModelCall.COMPLETIONS) {
            format(body.get("response_format").map(JsonValue::object), "response_format");
        } else if (call.isResponses()) {
            format(
                    body.get("text")
                            .flatMap(text -> text.object().get("format"))
                            .map(JsonValue::object),
                    "text.format");
        }
        for (var name : new String[] {"tools", "functions"}) {
            body.get(name).ifPresent(value -> patterns(value, name));
        }
    }

    private static void format(java.util.Optional<JsonObject> format, String param) {
        if (format.isEmpty()) {
            return;
        }
        for (var member : format.get()) {
            if (member.name().equals("type")
                    && !(member.value().is(Kind.STRING)
                            && TYPES.contains(member.value().string()))) {
                throw Refusals.value(param + ".type", "text, json_object or json_schema");
            }
            patterns(member.value(), param);
        }
    }

    private static void patterns(JsonValue from, String param) {
        var waiting = new ArrayDeque<JsonValue>();
        waiting.add(from);
        while (!waiting.isEmpty()) {
            var value = waiting.pop();
            if (value.is(Kind.ARRAY)) {
                value.forEachElement(waiting::add);
            } else if (value.is(Kind.OBJECT)) {
                for (var member : value.object()) {
                    check(member, param);
                    waiting.add(member.value());
                }
            }
        }
    }

    /** {@code pattern} is an expression; the names within {@code patternProperties} are, too. */
    private static void check(JsonMember member, String param) {
        if (member.name().equals("pattern") && member.value().is(Kind.STRING)) {
            expression(member.value().string(), param);
        } else if (member.name().equals("patternProperties")) {
            member.value().object().forEach(each -> expression(each.name(), param));
        }
    }

    private static void expression(String pattern, String param) {
        if (pattern.length() > MAX_PATTERN || repeats(pattern) > MAX_REPEAT) {
            throw Refusals.value(param, "shorter patterns in its schema");
        }
        try {
            Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw Refusals.value(param, "patterns without backreferences and look-arounds")
                    .because(e);
        }
    }

    /** How often the counts of an expression repeat something, counts within counts multiplied. */
    private static long repeats(String pattern) {
        long product = 1;
        var counts = REPEAT.matcher(pattern);
        while (counts.find()) {
            var last = counts.group(2) == null || counts.group(2).isEmpty() ? 1 : 2;
            product =
                    Math.min(Integer.MAX_VALUE, product)
                            * Math.max(1, Long.parseLong(counts.group(last)));
        }
        return product;
    }
}
