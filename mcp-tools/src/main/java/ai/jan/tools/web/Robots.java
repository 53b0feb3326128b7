// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.web;

import ai.jan.tools.tool.Cache;
import ai.jan.tools.tool.ToolFailure;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import okhttp3.HttpUrl;

/** What sites ask of robots; remembered for an hour. Thread-safe. */
final class Robots implements Web.Permission {
    private static final long MAX_KEPT = 16 * 1024 * 1024;

    /** What RFC 9309 2.5 asks to be read. */
    private static final int MAX_BYTES = 500 * 1024;

    private static final Duration REMEMBERED = Duration.ofHours(1);
    private static final int MAX_PATH = 2_000;

    private final Web web;
    private final Cache<String, RobotsRules> known;

    /**
     * @param web fetches {@code robots.txt} itself
     */
    Robots(Web web, Clock clock) {
        this.web = web;
        this.known = new Cache<>(MAX_KEPT, RobotsRules::size, REMEMBERED, clock);
    }

    /**
     * @throws ToolFailure if the site does not want this page to be fetched
     */
    @Override
    public void check(HttpUrl url, Deadline deadline) throws IOException {
        var site = url.resolve("/");
        if (site == null) {
            throw new IllegalStateException("every address has a root");
        }
        var key = site.toString();
        var rules = known.get(key).orElse(null);
        if (rules == null) {
            rules = fetch(site, deadline);
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
    private RobotsRules fetch(HttpUrl site, Deadline deadline) throws IOException {
        var file = site.newBuilder().encodedPath("/robots.txt").build();
        var page = web.get(file, Web.ANY_TYPE, Web.Permission.ALL, deadline);
        if (page.status() >= 500) {
            return RobotsRules.NOTHING;
        }
        if (page.status() != 200) {
            return RobotsRules.NONE;
        }
        var body = page.body();
        return RobotsRules.parse(
                body.substring(0, Math.min(body.size(), MAX_BYTES)).utf8(), Web.AGENT);
    }
}
