// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.rewrite;

import ai.jan.kit.problem.ApiProblem;
import ai.jan.plugins.json.JsonValue;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.text.Normalizer;
import java.util.ArrayDeque;
import java.util.List;

/**
 * Refuses requests that say certain things. RE2 takes time in proportion to the text, whatever the
 * pattern and whatever the text. Every string of a request is looked at, but for media; a text is
 * also read as it looks: compatibility forms are folded, invisible characters left out.
 */
final class PromptGuard {
    private static final String DATA = "data:";

    private record Rule(Pattern pattern, String message) {}

    private final List<Rule> rules;

    /**
     * @throws IllegalArgumentException if a pattern is none of RE2's
     */
    PromptGuard(List<GuardRule> rules) {
        this.rules =
                rules.stream()
                        .map(rule -> new Rule(compiled(rule.pattern()), rule.message()))
                        .toList();
    }

    private static Pattern compiled(String pattern) {
        try {
            return Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("guard: " + e.getMessage(), e);
        }
    }

    /**
     * @throws ApiProblem 400 if the request says something that it must not
     */
    void check(JsonValue body, String param) {
        if (rules.isEmpty()) {
            return;
        }
        var waiting = new ArrayDeque<JsonValue>();
        waiting.add(body);
        while (!waiting.isEmpty()) {
            var value = waiting.pop();
            switch (value.kind()) {
                case OBJECT -> value.object().forEach(member -> waiting.add(member.value()));
                case ARRAY -> value.forEachElement(waiting::add);
                case STRING -> {
                    if (!value.startsWith(DATA)) {
                        check(value.string(), param);
                    }
                }
                case INTEGER, DECIMAL, BOOLEAN, NULL -> {}
            }
        }
    }

    private void check(String text, String param) {
        var seen = visible(text);
        for (var rule : rules) {
            if (rule.pattern.matcher(text).find()
                    || (!seen.equals(text) && rule.pattern.matcher(seen).find())) {
                throw ApiProblem.badRequest("content_policy_violation", param, rule.message);
            }
        }
    }

    private static String visible(String text) {
        if (text.chars().allMatch(c -> c < 0x80)) {
            return text;
        }
        var folded = Normalizer.normalize(text, Normalizer.Form.NFKC);
        var visible = new StringBuilder(folded.length());
        folded.codePoints()
                .filter(each -> Character.getType(each) != Character.FORMAT)
                .forEach(visible::appendCodePoint);
        return visible.toString();
    }
}
