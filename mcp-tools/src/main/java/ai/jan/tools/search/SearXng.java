// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.search;

import ai.jan.tools.tool.JsonApi;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Map;
import okhttp3.HttpUrl;
import okhttp3.Request;

/** A SearXNG of the operator's, with {@code json} among its {@code search.formats}. */
final class SearXng implements SearchEngine {
    static final String NAME = "searxng";

    /** It knows no hours and no weeks; what is nearest and not narrower. */
    private static final Map<String, String> PERIODS =
            Map.of(
                    "qdr:h", "day",
                    "qdr:d", "day",
                    "qdr:w", "month",
                    "qdr:m", "month",
                    "qdr:y", "year");

    private final JsonApi api;
    private final HttpUrl url;
    private final Clock clock;

    SearXng(JsonApi api, URI url, Clock clock) {
        this.api = api;
        this.url = HttpUrl.get(url.toString()).newBuilder().addPathSegment("search").build();
        this.clock = clock;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Found search(SearchQuery query) throws IOException {
        var address =
                url.newBuilder()
                        .addQueryParameter("q", query.textWithDomains())
                        .addQueryParameter("format", "json")
                        .addQueryParameter("safesearch", "1")
                        .addQueryParameter("pageno", String.valueOf(query.page()));
        var language = query.language();
        if (language != null) {
            address.addQueryParameter("language", language);
        }
        var period = query.period();
        if (period != null && PERIODS.containsKey(period)) {
            address.addQueryParameter("time_range", PERIODS.get(period));
        }
        var answer = api.ask(new Request.Builder().url(address.build()).build());
        var results = answer.path("results");
        if (!results.isArray()) {
            throw new IOException("no list of results");
        }
        var hits = new ArrayList<Found.Hit>();
        results.forEach(hit -> hits.add(Found.Hit.of(hit, "url", "content")));
        return Found.of(NAME, hits, answer, clock.instant());
    }
}
