// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.jan.kit.config.Secret;
import ai.jan.kit.identity.Identity;
import ai.jan.kit.json.Json;
import ai.jan.tools.TestingBackend;
import ai.jan.tools.tool.Answer;
import ai.jan.tools.tool.Arguments;
import ai.jan.tools.tool.ToolFailure;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GoogleSearchIT {
    private TestingBackend serper;
    private TestingBackend searxng;

    @BeforeEach
    void start() throws IOException {
        serper = new TestingBackend(_ -> results("organic", "link", "snippet"));
        searxng = new TestingBackend(_ -> results("results", "url", "content"));
    }

    @AfterEach
    void stop() {
        serper.close();
        searxng.close();
    }

    @Test
    void asksSerperAsItWantsToBeAsked() {
        var found =
                search(
                        tool("serper"),
                        "jan",
                        query("kong").put("gl", "de").put("num", 3).put("tbs", "qdr:w"));

        assertThat(found.path("engine").asText()).isEqualTo("serper");
        assertThat(found.path("live").asBoolean()).isTrue();
        assertThat(found.path("cache_status").asText()).isEqualTo("live");
        assertThat(found.path("results")).hasSize(3);
        var first = found.path("results").path(0);
        assertThat(first.path("position").asInt()).isEqualTo(1);
        assertThat(first.path("source_url").asText()).isEqualTo("https://docs.example.com/0");
        assertThat(first.path("snippet").asText()).hasSize(420);
        assertThat(found.path("citations").path(0).asText())
                .isEqualTo("[1] Title 0 https://docs.example.com/0");
        assertThat(found.path("raw").path("organic")).isNotEmpty();
        var asked = serper.asked().getFirst();
        assertThat(asked.key()).isEqualTo("serper-key");
        assertThat(asked.body().toString())
                .contains(
                        "\"q\":\"kong\"",
                        "\"gl\":\"de\"",
                        "\"num\":3",
                        "\"tbs\":\"qdr:w\"",
                        "\"page\":1");
    }

    @Test
    void asksSearxngAsItWantsToBeAsked() {
        var arguments = query("kong").put("page", 2).put("hl", "de").put("tbs", "qdr:m");
        var found = search(tool("searxng"), "jan", arguments);

        assertThat(found.path("engine").asText()).isEqualTo("searxng");
        assertThat(found.path("results")).hasSize(6);
        assertThat(searxng.asked().getFirst().uri().toString())
                .startsWith("/search?")
                .contains("q=kong", "format=json", "pageno=2", "language=de", "time_range=month");
    }

    @Test
    void fallsBackToTheNextEngineAndThenToWhatWasFoundBefore() {
        var tool = tool("serper", "searxng");
        serper.status = 500;

        var second = search(tool, "jan", query("kong"));
        assertThat(second.path("engine").asText()).isEqualTo("searxng");
        assertThat(second.path("metadata").path("engines_failed").toString()).contains("serper");
        assertThat(search(tool, "jan", query("kong")).path("cache_status").asText())
                .isEqualTo("hit");

        searxng.status = 403;
        assertThatThrownBy(() -> search(tool, "jan", query("something else")))
                .isInstanceOf(ToolFailure.class)
                .hasMessageContaining("No search engine answers");
    }

    @Test
    void whatAnEngineDoesNotTakeIsTheCallersMistake() {
        serper.status = 400;

        assertThatThrownBy(() -> search(tool("serper"), "jan", query("kong").put("gl", "xx")))
                .hasMessageContaining("these arguments")
                .isInstanceOfSatisfying(
                        ToolFailure.class,
                        failure -> assertThat(failure.kind()).isEqualTo(ToolFailure.Kind.REFUSED));
    }

    @Test
    void aListOfDomainsThatNamesNoneDoesNotAllowAll() {
        var arguments = query("kong");
        arguments.putArray("domain_allow_list").add("*.");

        assertThatThrownBy(() -> search(tool("serper"), "jan", arguments))
                .hasMessageContaining("'domain_allow_list'");
    }

    @Test
    void anOfflineSearchAsksNobodyAndSeesOnlyWhatItsCallerHasFound() {
        var tool = tool("serper");
        search(tool, "ada", query("kong"));
        var offline = query("kong").put("offline_mode", true);

        var own = search(tool, "ada", offline);
        var others = search(tool, "bob", offline);

        assertThat(own.path("live").asBoolean()).isFalse();
        assertThat(own.path("cache_status").asText()).isEqualTo("hit");
        assertThat(own.path("results")).isNotEmpty();
        assertThat(others.path("cache_status").asText()).isEqualTo("offline_miss");
        assertThat(others.path("results")).isEmpty();
        assertThat(others.path("engine").isNull()).isTrue();
        assertThat(serper.asked()).hasSize(1);
    }

    @Test
    void anOperatorsOfflineModeCannotBeLeft() {
        var tool =
                GoogleSearch.of(settings(List.of(), true, "serper"), Clock.systemUTC())
                        .orElseThrow();

        var found = search(tool, "ada", query("kong").put("offline_mode", false));

        assertThat(found.path("cache_status").asText()).isEqualTo("offline_miss");
        assertThat(serper.asked()).isEmpty();
    }

    @Test
    void givesOutOnlyResultsOfTheDomainsThatAreAllowedWhateverTheEngineFinds() {
        var arguments = query("kong");
        arguments.putArray("domain_allow_list").add("Example.com");

        var found = search(tool("serper"), "ada", arguments);

        assertThat(addresses(found))
                .isNotEmpty()
                .allMatch(url -> url.startsWith("https://docs.example.com/"));
        assertThat(serper.asked().getFirst().body().path("q").asText())
                .contains("site:example.com");
        assertThat(found.path("raw").isNull()).as("nothing past the list").isTrue();
    }

    @Test
    void aCallersDomainsDoNotWidenTheOperators() {
        var tool =
                GoogleSearch.of(
                                settings(List.of("docs.example.com"), false, "serper"),
                                Clock.systemUTC())
                        .orElseThrow();
        var arguments = query("kong");
        arguments.putArray("domain_allow_list").add("evil.test").add("docs.example.com");

        assertThat(addresses(search(tool, "ada", arguments)))
                .isNotEmpty()
                .allMatch(url -> url.startsWith("https://docs.example.com/"));
    }

    @Test
    void isNotThereWithoutAnEngine() {
        assertThat(GoogleSearch.of(settings(List.of(), false), Clock.systemUTC())).isEmpty();
        var unconfigured =
                new SearchSettings(
                        URI.create("http://127.0.0.1:1"),
                        Optional.empty(),
                        Optional.empty(),
                        List.of("serper", "searxng"),
                        List.of(),
                        false);
        assertThat(GoogleSearch.of(unconfigured, Clock.systemUTC())).isEmpty();
    }

    private GoogleSearch tool(String... engines) {
        return GoogleSearch.of(settings(List.of(), false, engines), Clock.systemUTC())
                .orElseThrow();
    }

    private SearchSettings settings(List<String> domains, boolean isOffline, String... engines) {
        return new SearchSettings(
                serper.url().resolve("/search"),
                Optional.of(new Secret("serper-key")),
                Optional.of(searxng.url()),
                List.of(engines),
                domains,
                isOffline);
    }

    private static ObjectNode query(String text) {
        return Json.object().put("q", text);
    }

    private static JsonNode search(GoogleSearch tool, String owner, ObjectNode arguments) {
        var caller =
                new Identity(
                        owner, Identity.Method.JWT, Set.of(), Set.of(), "user", null, null, "r");
        return ((Answer.Structured) tool.call(caller, new Arguments(arguments))).value();
    }

    private static List<String> addresses(JsonNode found) {
        var addresses = new ArrayList<String>();
        found.path("results").forEach(r -> addresses.add(r.path("source_url").asText()));
        return addresses;
    }

    /** Three results of example.com, and three that only look like it. */
    private static JsonNode results(String list, String url, String snippet) {
        var answer = Json.object();
        var results = answer.putArray(list);
        for (int i = 0; i < 3; i++) {
            results.addObject()
                    .put("title", "Title " + i)
                    .put(url, "https://docs.example.com/" + i)
                    .put(snippet, "s".repeat(500));
        }
        for (var address :
                List.of(
                        "https://example.com.evil.test/",
                        "https://evil.test/?example.com",
                        "https://notexample.com/")) {
            results.addObject().put("title", "Other").put(url, address).put(snippet, "s");
        }
        return answer;
    }
}
