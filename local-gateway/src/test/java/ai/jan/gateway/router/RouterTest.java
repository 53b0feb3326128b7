// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.router;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.gateway.config.Route;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The order in which routes are tried, as recorded from a real Kong. */
class RouterTest {
    private static Route route(
            String name,
            List<String> hosts,
            List<String> paths,
            List<String> methods,
            int regexPriority,
            long createdAt) {
        return new Route(
                name,
                name,
                Optional.empty(),
                List.of("http", "https"),
                methods,
                hosts,
                paths,
                Map.of(),
                true,
                false,
                regexPriority,
                true,
                true,
                426,
                List.of(),
                createdAt);
    }

    private static Route paths(String name, String... paths) {
        return route(name, List.of(), List.of(paths), List.of(), 0, 0);
    }

    private static Route hosts(String name, String... hosts) {
        return route(name, List.of(hosts), List.of(), List.of(), 0, 0);
    }

    private static String winner(String host, String path, Route... routes) {
        return new Router(List.of(routes))
                .match(new Router.Query("GET", path, host, 8000, _ -> List.of()))
                .map(match -> match.route().name())
                .orElse("none");
    }

    @Test
    void theLongestPrefixWins() {
        assertThat(winner("x", "/api/v1/x", paths("short", "/api"), paths("long", "/api/v1")))
                .isEqualTo("long");
        assertThat(winner("x", "/apix", paths("short", "/api"), paths("long", "/api/v1")))
                .isEqualTo("short");
    }

    @Test
    void aRegexBeatsAPrefixAndANegativePriorityBeatsEverything() {
        var prefix = paths("prefix", "/api/v1/items");
        var regex = paths("regex", "~/api/v\\d+");
        var negative = route("negative", List.of(), List.of("~/api/.*/items"), List.of(), -1, 0);
        assertThat(winner("x", "/api/v1/items", prefix, regex)).isEqualTo("regex");
        assertThat(winner("x", "/api/v1/items", prefix, regex, negative)).isEqualTo("negative");
    }

    @Test
    void aPlainHostBeatsAWildcardWithAPath() {
        var plain = hosts("plain", "x.b.test");
        var wild = route("wild", List.of("*.b.test"), List.of("/p"), List.of(), 0, 0);
        assertThat(winner("x.b.test", "/p", plain, wild)).isEqualTo("plain");
        assertThat(winner("y.b.test", "/p", plain, wild)).isEqualTo("wild");
    }

    @Test
    void moreKindsOfAttributesWin() {
        var method = route("method", List.of(), List.of("/r"), List.of("GET"), 0, 0);
        assertThat(winner("x", "/r/longer", paths("longer", "/r/longer"), method))
                .isEqualTo("method");
    }

    @Test
    void ofEqualRoutesTheOlderWins() {
        var younger = route("younger", List.of(), List.of("/same"), List.of(), 0, 2);
        var older = route("older", List.of(), List.of("/same"), List.of(), 0, 1);
        assertThat(winner("x", "/same", older, younger)).isEqualTo("older");
        assertThat(winner("x", "/same", younger, older)).isEqualTo("older");
    }

    @Test
    void keepsWhatARegexCaptured() {
        var match =
                new Router(List.of(paths("user", "~/u/(?<user>[^/]+)/(\\d+)")))
                        .match(new Router.Query("GET", "/u/bob/42/x", "x", 1, _ -> List.of()))
                        .orElseThrow();
        assertThat(match.prefix()).isEqualTo("/u/bob/42");
        assertThat(match.captures()).containsExactly("bob", "42");
        assertThat(match.named()).containsEntry("user", "bob");
    }
}
