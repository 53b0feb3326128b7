// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.jan.kit.identity.Identity;
import ai.jan.kit.json.Json;
import ai.jan.tools.tool.Answer;
import ai.jan.tools.tool.Arguments;
import ai.jan.tools.tool.ToolFailure;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import okhttp3.Dns;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Pages, and sites that want to be fetched from where they should not. The site of the tests is on
 * 127.0.0.1, which one name of it alone may be reached by.
 */
class ScrapeIT {
    private static final Identity CALLER =
            new Identity("ada", Identity.Method.JWT, Set.of(), Set.of(), "user", null, null, "r");
    private static final Duration TOTAL = Duration.ofSeconds(3);
    private static final int MAX_BYTES = 256 * 1024;

    /** What the name servers of the tests say: "site.test" is the one public address. */
    private static final InetAddress PUBLIC = address(127, 0, 0, 1);

    private final AtomicInteger lookups = new AtomicInteger();
    private TestingSite site;

    @BeforeEach
    void start() throws IOException {
        site = new TestingSite();
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    void readsAPageAsTextAndMarkdown() throws Exception {
        var page = scrape(onTheSite(), "/hop", true);

        assertThat(page.path("source_url").asText()).endsWith("/article");
        assertThat(page.path("text").asText())
                .startsWith("Heading\n\nFirst bold words, a link & more.\n\n- one\n- two\n\n")
                .contains("keep   this")
                .doesNotContain("alert", "Menu", "Imprint");
        assertThat(page.path("markdown").asText())
                .startsWith("# Heading\n\nFirst **bold** words, [a link](http://site.test:")
                .contains("/next) & more.", "```\nkeep   this\n```");
        assertThat(page.path("text_preview").asText()).hasSizeLessThanOrEqualTo(600);
        assertThat(page.path("metadata").path("title").asText()).isEqualTo("A title");
        assertThat(page.path("metadata").path("description").asText()).isEqualTo("What it is");
        assertThat(page.path("metadata").path("truncated").asBoolean()).isFalse();
        assertThat(scrape(onTheSite(), "/plain", true).path("text").asText())
                .isEqualTo("just text");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1/",
                "http://127.1/",
                "http://2130706433/",
                "http://0x7f000001/",
                "http://0.0.0.0/",
                "http://10.0.0.1/",
                "http://172.16.0.1/",
                "http://192.168.1.1/",
                "http://100.64.0.1/",
                "http://169.254.169.254/latest/meta-data/",
                "http://198.18.0.1/",
                "http://255.255.255.255/",
                "http://[::1]/",
                "http://[::]/",
                "http://[::ffff:127.0.0.1]/",
                "http://[::ffff:a9fe:a9fe]/",
                "http://[64:ff9b::7f00:1]/",
                "http://[64:ff9b::a9fe:a9fe]/",
                "http://[2002:7f00:1::]/",
                "http://[2001:0:7f00:1::]/",
                "http://[fd00::1]/",
                "http://[fe80::1]/",
                "http://localhost/",
                "https://127.0.0.1/",
                "http://①②⑦.⓪.⓪.①/"
            })
    void t8NeverReachesAnAddressThatIsNotPublic(String url) {
        var scrape =
                new Scrape(
                        new Web(new PublicAddresses(), _ -> true, Dns.SYSTEM, TOTAL, MAX_BYTES),
                        Web.Permission.ALL,
                        Clock.systemUTC());

        assertThat(failure(scrape, url)).containsAnyOf("not part of the public web", "not known");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/to-metadata", "/to-file", "/to-port", "/to-rebinding"})
    void t8LooksAtEveryRedirectAsAtTheFirstAddress(String path) {
        assertThat(failure(onTheSite(), url(path)))
                .containsAnyOf(
                        "not part of the public web",
                        "nowhere that can be fetched",
                        "port 80 or 443");
        assertThat(site.visits()).containsExactly(path);
    }

    @Test
    void t8ConnectsToTheAddressThatWasCheckedHoweverOftenTheNameServerChangesItsMind() {
        for (int i = 0; i < 4; i++) {
            assertThat(failure(onTheSite(), "http://rebinding.test:" + site.port() + "/inside"))
                    .containsAnyOf("not part of the public web", "cannot be reached");
        }
        assertThat(lookups.get()).isGreaterThanOrEqualTo(4);
        assertThat(site.visits()).isEmpty();
    }

    @Test
    void takesTheBeginningOfWhatNeverEnds() throws Exception {
        var page = scrape(onTheSite(), "/endless", false);

        assertThat(page.path("text").asText()).startsWith("again and again");
        assertThat(page.path("metadata").path("truncated").asBoolean()).isTrue();
        assertThat(site.endlessEnded.await(10, TimeUnit.SECONDS)).as("connection closed").isTrue();
    }

    @Test
    void unpacksNoMoreOfABombThanItReads() throws Exception {
        var page = scrape(onTheSite(), "/bomb", false);

        assertThat(page.path("metadata").path("truncated").asBoolean()).isTrue();
        assertThat(page.path("text").asText().length()).isLessThanOrEqualTo(MAX_BYTES);
    }

    @Test
    void givesUpOnASiteThatTakesItsTime() {
        assertThat(failure(onTheSite(), url("/slow"))).contains("too long");
    }

    /** Or whoever has such a site could open the breaker for everybody. */
    @Test
    void givesUpOnASiteThatTakesItsTimeWithEveryRedirect() {
        assertThat(failure(onTheSite(), url("/slow-loop"))).contains("too long");
    }

    @Test
    void saysWhatIsWrongWithAPage() {
        assertThat(failure(onTheSite(), url("/missing"))).contains("404");
        assertThat(failure(onTheSite(), url("/image"))).contains("image/png");
        assertThat(failure(onTheSite(), url("/loop"))).contains("more than 5 times");
        assertThat(failure(onTheSite(), "http://nobody.test/")).contains("not known");
        assertThat(failure(onTheSite(), "ftp://site.test/")).contains("'url'");
        assertThat(failure(onTheSite(), "http://user:word@site.test/")).contains("'url'");
        assertThat(failure(onTheSite(), "javascript:alert(1)")).contains("'url'");
    }

    @Test
    void keepsToPortsOfTheWeb() {
        var scrape =
                new Scrape(
                        new Web(
                                new PublicAddresses(),
                                Web.USUAL_PORTS,
                                Dns.SYSTEM,
                                TOTAL,
                                MAX_BYTES),
                        Web.Permission.ALL,
                        Clock.systemUTC());

        assertThat(failure(scrape, "http://example.com:22/")).contains("port 80 or 443");
    }

    @Test
    void heedsRobotsTxtAndAsksForItOnce() throws Exception {
        var web = web();
        var polite = new Scrape(web, new Robots(web, Clock.systemUTC()), Clock.systemUTC());
        site.robotsStatus = 200;
        site.robots = "User-agent: *\nDisallow: /plain\n";

        assertThat(failure(polite, url("/plain"))).contains("robots.txt");
        assertThat(scrape(polite, "/article", false).path("text").asText()).contains("Heading");
        assertThat(site.visits()).containsExactly("/robots.txt", "/article");
    }

    @Test
    void staysAwayFromASiteWhoseRobotsTxtIsOutOfOrder() {
        var web = web();
        site.robotsStatus = 503;

        assertThat(
                        failure(
                                new Scrape(
                                        web, new Robots(web, Clock.systemUTC()), Clock.systemUTC()),
                                url("/plain")))
                .contains("robots.txt");
    }

    private String url(String path) {
        return site.url("site.test", path);
    }

    /** Reaches the site of the tests by its one name, and nothing else on this machine. */
    private Scrape onTheSite() {
        return new Scrape(web(), Web.Permission.ALL, Clock.systemUTC());
    }

    private Web web() {
        // The name stands for an address that is public; only the object it was looked up as is.
        Predicate<InetAddress> allowed =
                address -> new PublicAddresses().test(address) || "site.test".equals(host(address));
        Predicate<HttpUrl> ports = url -> url.port() == site.port() || Web.USUAL_PORTS.test(url);
        return new Web(allowed, ports, this::lookup, TOTAL, MAX_BYTES);
    }

    private static String host(InetAddress address) {
        return address.toString().replaceFirst("/.*", "");
    }

    /** "rebinding.test" is public in every first answer and this machine in every other. */
    private List<InetAddress> lookup(String name) throws UnknownHostException {
        return switch (name) {
            case "site.test" -> List.of(InetAddress.getByAddress(name, PUBLIC.getAddress()));
            case "rebinding.test" ->
                    lookups.getAndIncrement() % 2 == 0
                            ? List.of(address(192, 0, 2, 1), address(127, 0, 0, 1))
                            : List.of(address(127, 0, 0, 1));
            default -> throw new UnknownHostException(name);
        };
    }

    private ObjectNode scrape(Scrape scrape, String path, boolean markdown)
            throws IOException, InterruptedException {
        var arguments = Json.object().put("url", url(path)).put("includeMarkdown", markdown);
        return ((Answer.Structured) scrape.call(CALLER, new Arguments(arguments))).value();
    }

    private static String failure(Scrape scrape, String url) {
        var arguments = new Arguments(Json.object().put("url", url));
        return catchThrowableOfType(ToolFailure.class, () -> scrape.call(CALLER, arguments))
                .getMessage();
    }

    private static InetAddress address(int... bytes) {
        var raw = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            raw[i] = (byte) bytes[i];
        }
        try {
            return InetAddress.getByAddress(raw);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
