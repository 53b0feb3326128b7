// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.rewrite;

import ai.jan.kit.identity.Identity;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.kong.pdk.Bytes;
import ai.jan.plugins.json.JsonEdits;
import ai.jan.plugins.json.JsonFault;
import ai.jan.plugins.json.JsonObject;
import ai.jan.plugins.json.JsonText;
import ai.jan.plugins.json.JsonValue;
import ai.jan.plugins.json.JsonValue.Kind;
import ai.jan.plugins.request.RequestSummary;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that is done with the body of a request. Faults are reported in OpenAI's order (contract
 * 4.3). Thread-safe.
 */
final class RewriteRules {
    private static final int MAX_NAME = 256;
    private static final String MODEL = "model";
    private static final Set<String> NAMES = Set.of(MODEL);

    private final Aliases aliases;
    private final Firewall firewall;
    private final SystemPrompt systemPrompt;
    private final PromptGuard guard;
    private final boolean remoteMedia;
    private final int bytesPerToken;

    /**
     * A request as it goes on.
     *
     * @param body nothing if it stays as it is
     * @param alias what the client asked for, if it goes to another model
     */
    record Rewritten(Optional<byte[]> body, @Nullable String alias, RequestSummary summary) {}

    /**
     * @throws IllegalArgumentException if the configuration says something impossible
     */
    RewriteRules(RewriteConfig config, Aliases aliases) {
        this.aliases = aliases;
        this.firewall = new Firewall(config.parameters(), config.unknownParameters());
        this.systemPrompt = new SystemPrompt(config.systemPrompt());
        this.guard = new PromptGuard(config.guard());
        this.remoteMedia = config.remoteMedia().equals("allow");
        this.bytesPerToken = config.bytesPerToken();
    }

    /**
     * Checks and changes a call of a model.
     *
     * @throws ApiProblem 400 or 404
     */
    Rewritten call(ModelCall call, Bytes body, Identity caller, PlanRules.Plan plan) {
        var text = checked(body);
        var root = text.root().object();
        if (!text.root().is(Kind.OBJECT) || text.hasSurplus()) {
            throw notAnObject(text);
        }
        var edits = new JsonEdits(text);
        var asked = model(root);
        requirePrompt(call, root);
        firewall.apply(call, root, edits);
        var sent = sent(asked, caller, plan);
        if (!sent.equals(asked)) {
            edits.set(root, MODEL, sent);
        }
        OutputFormat.check(call, root);
        var prompt = Prompt.of(call, root, remoteMedia);
        guard.check(text.root(), call.prompt());
        var output = plan.limits().apply(call, root, edits, firewall, prompt.prompts());
        systemPrompt.apply(call, root, edits);
        var changed = edits.apply();
        long length = changed.map(bytes -> bytes.length).orElse(body.length());
        var summary =
                new RequestSummary(
                        call.kind(),
                        asked,
                        sent,
                        root.get("stream").map(JsonValue::isTrue).orElse(false),
                        prompt.tokens(length, bytesPerToken),
                        prompt.media(),
                        output,
                        prompt.namesStoredState());
        return new Rewritten(changed, sent.equals(asked) ? null : asked, summary);
    }

    /**
     * Checks what is said to a conversation. As in the first Jan Server, text after the first value
     * does not count; it does not go on either.
     *
     * @throws ApiProblem 400
     */
    Rewritten conversation(Bytes body) {
        if (body.isEmpty()) {
            return new Rewritten(Optional.empty(), null, RequestSummary.other());
        }
        var text = checked(body);
        guard.check(text.root(), "items");
        return new Rewritten(new JsonEdits(text).apply(), null, RequestSummary.other());
    }

    private static JsonText checked(Bytes body) {
        try {
            return JsonText.of(body);
        } catch (JsonFault e) {
            throw ApiProblem.badRequest(
                            null,
                            null,
                            "We could not parse the JSON body of your request. " + e.getMessage())
                    .because(e);
        }
    }

    private static ApiProblem notAnObject(JsonText text) {
        return ApiProblem.badRequest(
                null,
                null,
                text.hasSurplus()
                        ? "We could not parse the JSON body of your request. There is text after it."
                        : "The body of the request must be a JSON object.");
    }

    private static String model(JsonObject body) {
        for (var member : body) {
            Firewall.refuseVariant(member.name(), NAMES);
        }
        var model = body.present(MODEL);
        if (model.isPresent() && !model.get().is(Kind.STRING)) {
            throw Refusals.type(MODEL, "a string", model.get());
        }
        return model.map(JsonValue::string)
                .filter(name -> !name.isBlank())
                .orElseThrow(() ->
                        ApiProblem.badRequest(null, null, "You must provide a model parameter."));
    }

    private static void requirePrompt(ModelCall call, JsonObject body) {
        if (!call.isResponses() && body.present(call.prompt()).isEmpty()) {
            throw Refusals.missing(call.prompt());
        }
    }

    private String sent(String asked, Identity caller, PlanRules.Plan plan) {
        if (!canBeAName(asked) || !plan.grant().mayAskFor(asked)) {
            throw ApiProblem.notFound(
                    "model_not_found",
                    MODEL,
                    "The model '%s' does not exist or you do not have access to it."
                            .formatted(shown(asked)));
        }
        return plan.grant().aliases().containsKey(asked)
                ? aliases.resolve(asked, caller.subject())
                : asked;
    }

    /** No model is called so; and a ledger cannot write it down. */
    private static boolean canBeAName(String model) {
        return model.length() <= MAX_NAME && model.chars().noneMatch(Character::isISOControl);
    }

    private static String shown(String name) {
        return name.length() <= 200 ? name : name.substring(0, 200) + "…";
    }
}
