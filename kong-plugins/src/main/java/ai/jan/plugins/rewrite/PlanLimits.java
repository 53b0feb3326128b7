// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.rewrite;

import ai.jan.plugins.json.JsonEdits;
import ai.jan.plugins.json.JsonObject;
import ai.jan.plugins.json.JsonValue;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Defaults and caps of one plan: how long answers may be, how many, and other numbers. */
final class PlanLimits {
    /** OpenAI's default and vLLM's; other servers write on until their context is full. */
    private static final int LEGACY_OUTPUT = 16;

    private static final int LEAST_OF_RESPONSES = 16;
    private static final int MOST_INPUTS = 2048;

    private static final Set<String> LIMITED_BY_FIELDS =
            Set.of("n", "best_of", "max_tokens", "max_completion_tokens", "max_output_tokens");

    private final PlanConfig plan;

    PlanLimits(PlanConfig plan) {
        this.plan = plan;
        plan.limits().keySet().stream()
                .filter(LIMITED_BY_FIELDS::contains)
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException("limits." + name + ": has its own field");
                });
    }

    /**
     * Keeps a request within the limits.
     *
     * @param firewall what it strips has no default
     * @param prompts how many are answered
     * @return how many tokens may be generated; null if nothing limits that
     * @throws ai.jan.kit.problem.ApiProblem 400 for a number that is refused, or is none
     */
    @Nullable Long apply(
            ModelCall call, JsonObject body, JsonEdits edits, Firewall firewall, int prompts) {
        plan.limits()
                .forEach((name, limit) -> {
                    if (firewall.lets(name, call)) {
                        keep(name, limit, body, edits);
                    }
                });
        int most = call == ModelCall.EMBEDDINGS ? MOST_INPUTS : plan.maxPrompts();
        if (prompts > most) {
            throw Refusals.tooMany(call.prompt(), most, prompts);
        }
        long choices = Math.max(choices("n", body), choices("best_of", body));
        var perChoice = outputTokens(call, body, edits);
        return perChoice == null ? null : perChoice * choices * Math.max(1, prompts);
    }

    private long choices(String name, JsonObject body) {
        var asked = body.present(name);
        if (asked.isEmpty()) {
            return 1;
        }
        int least = name.equals("n") ? 1 : 0;
        long number = integer(name, asked.get(), least);
        if (number > plan.maxChoices()) {
            throw Refusals.above(name, plan.maxChoices(), asked.get());
        }
        return Math.max(1, number);
    }

    private @Nullable Long outputTokens(ModelCall call, JsonObject body, JsonEdits edits) {
        if (call.outputLimit().isEmpty()) {
            return 0L;
        }
        Long counted = null;
        for (var name : call.outputLimits()) {
            var asked = body.present(name);
            if (asked.isPresent()) {
                long tokens = cappedOutput(call, name, asked.get(), edits, body);
                counted = counted == null ? tokens : Math.max(counted, tokens);
            }
        }
        if (counted != null) {
            return counted;
        }
        var fallback = fallback(call);
        fallback.ifPresent(tokens -> edits.set(body, call.outputLimit().orElseThrow(), tokens));
        return fallback.map(Long::valueOf).orElse(null);
    }

    private long cappedOutput(
            ModelCall call, String name, JsonValue asked, JsonEdits edits, JsonObject body) {
        int least =
                switch (call) {
                    case RESPONSES -> LEAST_OF_RESPONSES;
                    case COMPLETIONS -> 0;
                    case CHAT, EMBEDDINGS, INPUT_TOKENS -> 1;
                };
        long tokens = integer(name, asked, least);
        var most = plan.maxOutputTokens();
        if (most != null && tokens > most) {
            edits.set(body, name, most);
            return most;
        }
        return tokens;
    }

    /** What is written if a request does not say; nothing if the plan has no limit either. */
    private Optional<Integer> fallback(ModelCall call) {
        var tokens = plan.outputTokens() == null ? plan.maxOutputTokens() : plan.outputTokens();
        return Optional.ofNullable(tokens)
                .map(limit -> call == ModelCall.COMPLETIONS ? LEGACY_OUTPUT : limit);
    }

    private static long integer(String name, JsonValue value, int least) {
        if (!value.is(JsonValue.Kind.INTEGER)) {
            throw Refusals.type(name, "an integer", value);
        }
        var number = value.number();
        if (number.compareTo(BigDecimal.valueOf(least)) < 0) {
            throw Refusals.below(name, least, value);
        }
        return number.min(BigDecimal.valueOf(Integer.MAX_VALUE)).longValueExact();
    }

    private static void keep(String name, LimitConfig limit, JsonObject body, JsonEdits edits) {
        var asked = body.present(name);
        if (asked.isEmpty()) {
            if (limit.ifAbsent() != null) {
                edits.set(body, name, plain(limit.ifAbsent()));
            }
            return;
        }
        var value = asked.get();
        if (!value.isNumber()
                || (KnownParameters.isInteger(name) && !value.is(JsonValue.Kind.INTEGER))) {
            throw Refusals.type(
                    name, KnownParameters.isInteger(name) ? "an integer" : "a number", value);
        }
        var number = value.number();
        if (limit.max() != null && number.compareTo(limit.max()) > 0) {
            beyond(name, limit, limit.max(), body, edits, Refusals.above(name, limit.max(), value));
        } else if (limit.min() != null && number.compareTo(limit.min()) < 0) {
            beyond(name, limit, limit.min(), body, edits, Refusals.below(name, limit.min(), value));
        }
    }

    private static void beyond(
            String name,
            LimitConfig limit,
            BigDecimal bound,
            JsonObject body,
            JsonEdits edits,
            RuntimeException refusal) {
        switch (limit.beyond()) {
            case CAP -> edits.set(body, name, plain(bound));
            case REFUSE -> throw refusal;
        }
    }

    /** Never as 1E+3, which is no integer to many readers. */
    private static BigDecimal plain(BigDecimal number) {
        return new BigDecimal(number.stripTrailingZeros().toPlainString());
    }
}
