// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.backend;

import ai.jan.kit.json.Json;
import ai.jan.kit.problem.ApiProblem;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import okhttp3.OkHttpClient;

/** Which models there are, and which backend is to be asked for one. Thread-safe. */
public final class Models {
    /** A backend that serves the model asked for. */
    record Offer(Backend backend, ServedModel model) {}

    private final List<Backend> backends;
    private final Map<String, List<Offer>> offers = new LinkedHashMap<>();
    private final Instant since;

    /**
     * @param since what clients are told as the time of creation
     */
    public Models(List<BackendConfig> configs, OkHttpClient client, Instant since) {
        this.since = since;
        this.backends = configs.stream().map(config -> new Backend(config, client)).toList();
        for (var backend : backends) {
            for (var model : backend.config().models()) {
                offers.computeIfAbsent(model.id(), _ -> new ArrayList<>())
                        .add(new Offer(backend, model));
            }
        }
    }

    /** All models, in the order of the file. */
    List<ObjectNode> list() {
        return offers.keySet().stream().map(this::describe).toList();
    }

    /**
     * @throws ApiProblem 404 if there is no such model
     */
    ObjectNode describe(String id) {
        return Json.object()
                .put("id", id)
                .put("object", "model")
                .put("created", since.getEpochSecond())
                .put("owned_by", offered(id).getFirst().backend().config().name());
    }

    /**
     * Makes sure that a model exists, before anything is done for it.
     *
     * @throws ApiProblem 404 if there is no such model
     */
    public void require(String id) {
        offered(id);
    }

    /** The smallest context that any backend gives the model, in tokens, if known. */
    public OptionalInt context(String id) {
        return offered(id).stream().flatMapToInt(offer -> offer.model().context().stream()).min();
    }

    /** The backends that serve a model, the one to be asked first at the front. */
    List<Offer> candidates(String id) {
        var candidates = new ArrayList<>(offered(id));
        Collections.shuffle(candidates); // so that equals take turns
        candidates.sort(
                Comparator.comparing((Offer offer) -> offer.backend().pulse().isLost())
                        .thenComparingInt(offer -> offer.backend().outstanding()));
        return candidates;
    }

    List<Backend> backends() {
        return backends;
    }

    private List<Offer> offered(String id) {
        var offered = offers.get(id);
        if (offered == null) {
            throw ApiProblem.notFound(
                    "model_not_found",
                    "model",
                    "The model '" + id + "' does not exist or you do not have access to it.");
        }
        return offered;
    }
}
