// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.search;

import ai.jan.kit.config.Secret;
import ai.jan.kit.config.Settings;
import ai.jan.tools.tool.Words;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which engines are asked, and what for.
 *
 * @param serperUrl where Serper answers
 * @param serperKey without which it is not asked
 * @param searxng a SearXNG that answers in JSON
 * @param order of the engines' names; one that is not configured is passed over
 * @param domains the only ones of which results are given out, if any are named
 * @param isOffline whether no engine is ever asked
 */
public record SearchSettings(
        URI serperUrl,
        Optional<Secret> serperKey,
        Optional<URI> searxng,
        List<String> order,
        List<String> domains,
        boolean isOffline) {
    private static final Set<String> ENGINES = Set.of(Serper.NAME, SearXng.NAME);
    private static final URI SERPER = URI.create("https://google.serper.dev/search");

    /**
     * Reads {@code JAN_SERPER_API_KEY}, {@code JAN_SERPER_URL}, {@code JAN_SEARXNG_URL}, {@code
     * JAN_SEARCH_ENGINES}, {@code JAN_SEARCH_DOMAINS} and {@code JAN_SEARCH_OFFLINE}.
     */
    public static SearchSettings from(Settings settings) {
        return new SearchSettings(
                settings.optionalUrl("JAN_SERPER_URL", SERPER.toString()).orElse(SERPER),
                settings.optionalSecret("JAN_SERPER_API_KEY", 8),
                settings.optionalUrl("JAN_SEARXNG_URL", "http://searxng:8080"),
                Words.of(
                        settings.textOr(
                                "JAN_SEARCH_ENGINES",
                                "serper, searxng",
                                list -> ENGINES.containsAll(Words.of(list)))),
                Words.of(
                        settings.textOr(
                                "JAN_SEARCH_DOMAINS",
                                "",
                                list -> DomainList.areDomains(Words.of(list)))),
                settings.oneOf("JAN_SEARCH_OFFLINE", "false", "true").equals("true"));
    }
}
