// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.web;

import ai.jan.tools.tool.Cache;
import ai.jan.tools.tool.ToolFailure;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import okhttp3.HttpUrl;

/** What sites ask of robots; remembered for an hour. Thread-safe. */
final class Robots implements Web.Permission {
    private static final int SITES = 1_000;
    private static final Duration REMEMBERED = Duration.ofHours(1);
    private static final int MAX_PATH = 2_000;

    private final Web web;
    private final Cache<String, RobotsRules> known;

    /**
     * @param web fetches {@code robots.txt} itself
     */
    Robots(Web web, Clock clock) {
        this.web = web;
        this.known = new Cache<>(SITES, REMEMBERED, clock);
    }

    /**
     * @throws ToolFailure if the site does not want this page to be fetched
     */
    @Override
    public void check(HttpUrl url) throws IOException {
        var site = url.resolve("/");
        if (site == null) {
            throw new IllegalStateException("every address has a root");
        }
        var key = site.toString();
        var rules = known.get(key).orElse(null);
        if (rules == null) {
            rules = fetch(site);
            known.put(key, rules);
        }
        var query = url.encodedQuery();
        var path = url.encodedPath() + (query == null ? "" : "?" + query);
        if (!rules.allow(path.substring(0, Math.min(path.length(), MAX_PATH)))) {
            throw ToolFailure.refused("The site's robots.txt does not allow to fetch this page.");
        }
    }

    /**
     * No file: everything may be fetched. A site that is out of order: nothing (RFC 9309 2.3.1).
     */
    private RobotsRules fetch(HttpUrl site) throws IOException {
        var file = site.newBuilder().encodedPath("/robots.txt").build();
        var page = web.get(file, Set.of("text/plain", "text/html", ""), _ -> {});
        if (page.status() >= 500) {
            return RobotsRules.NOTHING;
        }
        return page.status() == 200
                ? RobotsRules.parse(page.body().utf8(), Web.AGENT)
                : RobotsRules.NONE;
    }
}
