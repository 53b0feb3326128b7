// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.search;

import ai.jan.kit.config.Secret;
import ai.jan.kit.json.Json;
import ai.jan.tools.tool.JsonApi;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/** Google's results, through serper.dev. */
final class Serper implements SearchEngine {
    static final String NAME = "serper";

    private final JsonApi api;
    private final URI url;
    private final Secret key;
    private final Clock clock;

    Serper(JsonApi api, URI url, Secret key, Clock clock) {
        this.api = api;
        this.url = url;
        this.key = key;
        this.clock = clock;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Found search(SearchQuery query) throws IOException {
        var body = Json.object().put("q", query.textWithDomains());
        body.put("num", query.count()).put("page", query.page());
        body.put("autocorrect", query.autocorrect());
        putIfThere(body, "gl", query.country());
        putIfThere(body, "hl", query.language());
        putIfThere(body, "location", query.location());
        putIfThere(body, "tbs", query.period());
        var answer =
                api.ask(
                        new Request.Builder()
                                .url(url.toString())
                                .header("X-API-KEY", key.reveal())
                                .post(JsonApi.body(body))
                                .build());
        var organic = answer.path("organic");
        if (!organic.isArray()) {
            throw new IOException("no list of results");
        }
        var hits = new ArrayList<Found.Hit>();
        organic.forEach(hit -> hits.add(Found.Hit.of(hit, "link", "snippet")));
        return Found.of(NAME, hits, answer, clock.instant());
    }

    private static void putIfThere(ObjectNode body, String name, @Nullable String value) {
        if (value != null) {
            body.put(name, value);
        }
    }
}
