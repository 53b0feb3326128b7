// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.backend;

import ai.jan.kit.identity.Identity;
import ai.jan.kit.identity.ModelGrant;
import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** What callers are told about models and the backends behind them: no addresses, no keys. */
final class ModelDescriptions {
    // What Jan calls a provider that is none of the public ones.
    private static final String VENDOR = "custom";
    private static final int ID = 16;
    private static final List<String> PARAMETERS =
            List.of(
                    "frequency_penalty",
                    "logprobs",
                    "max_completion_tokens",
                    "max_tokens",
                    "n",
                    "presence_penalty",
                    "response_format",
                    "seed",
                    "stop",
                    "stream",
                    "temperature",
                    "tool_choice",
                    "tools",
                    "top_logprobs",
                    "top_p");

    private final Models models;

    ModelDescriptions(Models models) {
        this.models = models;
    }

    /** The names a caller may ask for: models, then aliases. */
    List<String> names(Identity caller) {
        var served = models.served();
        var grant = caller.grant();
        var names = new ArrayList<>(served.stream().filter(grant::mayAskFor).toList());
        grant.aliases().keySet().stream()
                .filter(alias -> !names.contains(alias) && grant.isServed(alias, served))
                .sorted()
                .forEach(names::add);
        return names;
    }

    /**
     * OpenAI's model object.
     *
     * @throws ai.jan.kit.problem.ApiProblem 404 if there is no such model for the caller
     */
    ObjectNode model(String name, ModelGrant grant) {
        return model(name, offer(name, grant));
    }

    /** One object per backend that offers the model, with what Jan's clients ask about it. */
    List<ObjectNode> modelByProvider(String name, ModelGrant grant) {
        return models.offers(models.wanted(name, grant.askedFor(null)).id()).stream()
                .map(offer ->
                        model(name, offer)
                                .put("provider_id", providerId(offer.backend()))
                                .put("provider_vendor", VENDOR)
                                .put("provider_name", offer.backend().config().name()))
                .toList();
    }

    /** Jan's catalog entry. */
    ObjectNode catalog(String name, ModelGrant grant) {
        var id = models.wanted(name, grant.askedFor(null)).id();
        return catalog(name, id);
    }

    /** The catalog entry of a model of the file, whoever may use it. */
    ObjectNode catalog(String id) {
        return catalog(id, id);
    }

    /** Jan's provider: a backend by its name. */
    ObjectNode provider(Backend backend) {
        var provider =
                Json.object()
                        .put("id", providerId(backend))
                        .put("name", backend.config().name())
                        .put("vendor", VENDOR)
                        .put("active", backend.isUsable());
        provider.putObject("metadata");
        return provider;
    }

    private Offer offer(String name, ModelGrant grant) {
        return models.offers(models.wanted(name, grant.askedFor(null)).id()).getFirst();
    }

    private ObjectNode model(String name, Offer offer) {
        return Json.object()
                .put("id", name)
                .put("object", "model")
                .put("created", models.since().getEpochSecond())
                .put("owned_by", offer.backend().config().name());
    }

    private ObjectNode catalog(String name, String id) {
        var entry = Json.object().put("id", name);
        var parameters = entry.putObject("supported_parameters");
        PARAMETERS.forEach(parameters.putArray("names")::add);
        parameters.putObject("default");
        var architecture = entry.putObject("architecture").put("modality", "text->text");
        architecture.putArray("input_modalities").add("text");
        architecture.putArray("output_modalities").add("text");
        entry.put("active", !models.isSwitchedOff(id)).put("status", "init");
        var extras = entry.putObject("extras");
        models.context(id).ifPresent(context -> extras.put("context_length", context));
        models.price(id)
                .ifPresent(price ->
                        extras.putObject("pricing")
                                .put("input_per_million_tokens", plain(price.input()))
                                .put("output_per_million_tokens", plain(price.output())));
        long since = models.since().getEpochSecond();
        return entry.put("created_at", since).put("updated_at", since);
    }

    private static String plain(BigDecimal amount) {
        return amount.toPlainString();
    }

    private static String providerId(Backend backend) {
        var name = backend.config().name().getBytes(StandardCharsets.UTF_8);
        return "prov_" + UUID.nameUUIDFromBytes(name).toString().replace("-", "").substring(0, ID);
    }
}
