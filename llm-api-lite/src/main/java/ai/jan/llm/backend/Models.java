// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.backend;

import ai.jan.kit.identity.ModelGrant;
import ai.jan.kit.problem.ApiProblem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import okhttp3.OkHttpClient;

/**
 * Which models there are, who offers them, and which an administrator has switched off. May be
 * replaced while requests are under way; they end where they began. Thread-safe.
 */
public final class Models {
    /**
     * What a caller asked for.
     *
     * @param id of the model whose backends are asked
     * @param name the caller knows it by, which answers carry
     */
    public record Wanted(String id, String name) {}

    /** What the backends file said when it was read. */
    private record Offered(
            List<Backend> backends, Map<String, List<Offer>> offers, Instant since) {}

    private final OkHttpClient client;
    private volatile Offered offered;
    private volatile Set<String> switchedOff = Set.of();

    /**
     * @param since what clients are told as the time of creation
     */
    public Models(List<BackendConfig> configs, OkHttpClient client, Instant since) {
        this.client = client;
        this.offered = offered(configs, List.of(), since);
    }

    /** Takes another content of the backends file; a backend that has not changed goes on. */
    void replace(List<BackendConfig> configs, Instant since) {
        offered = offered(configs, offered.backends, since);
    }

    /** Takes what administrators have switched off. */
    void switchOff(Set<String> ids) {
        switchedOff = Set.copyOf(ids);
    }

    /**
     * What a caller means by a model's name: a model, or an alias that the gateway has not
     * replaced.
     *
     * @throws ApiProblem 404 if there is no such model for this caller
     */
    public Wanted wanted(String name, ModelGrant grant) {
        var shown = Optional.ofNullable(grant.asked()).orElse(name);
        if (isServed(name) && grant.mayReach(name)) {
            return new Wanted(name, shown);
        }
        return grant.aliases().getOrDefault(name, List.of()).stream()
                .filter(this::isServed)
                .findFirst()
                .map(id -> new Wanted(id, shown))
                .orElseThrow(() -> unknown(shown));
    }

    /** The smallest context that any backend gives the model, in tokens, if known. */
    public OptionalInt context(String id) {
        return offers(id).stream().flatMapToInt(offer -> offer.model().context().stream()).min();
    }

    /** What the model costs, if known; the dearest if backends differ. */
    public Optional<Price> price(String id) {
        return offers(id).stream()
                .flatMap(offer -> offer.model().price().stream())
                .max((one, other) -> one.output().compareTo(other.output()));
    }

    /** Those that can be asked for, in the order of the file. */
    List<String> served() {
        return offered.offers.keySet().stream().filter(this::isServed).toList();
    }

    /** Those of the file, switched off or not. */
    Collection<String> configured() {
        return offered.offers.keySet();
    }

    boolean isSwitchedOff(String id) {
        return switchedOff.contains(id);
    }

    /**
     * @throws ApiProblem 404 if there is no such model
     */
    List<Offer> offers(String id) {
        var offers = offered.offers.get(id);
        if (offers == null) {
            throw unknown(id);
        }
        return offers;
    }

    List<Backend> backends() {
        return offered.backends;
    }

    Instant since() {
        return offered.since;
    }

    static ApiProblem unknown(String name) {
        return ApiProblem.notFound(
                "model_not_found",
                "model",
                "The model '" + name + "' does not exist or you do not have access to it.");
    }

    private boolean isServed(String id) {
        return offered.offers.containsKey(id) && !switchedOff.contains(id);
    }

    private Offered offered(List<BackendConfig> configs, List<Backend> known, Instant since) {
        var backends = configs.stream().map(config -> backend(config, known)).toList();
        var offers = new LinkedHashMap<String, List<Offer>>();
        for (var backend : backends) {
            for (var model : backend.config().models()) {
                offers.computeIfAbsent(model.id(), _ -> new ArrayList<>())
                        .add(new Offer(backend, model));
            }
        }
        return new Offered(backends, offers, since);
    }

    private Backend backend(BackendConfig config, List<Backend> known) {
        return known.stream()
                .filter(backend -> backend.config().equals(config))
                .findFirst()
                .orElseGet(() -> new Backend(config, client));
    }
}
