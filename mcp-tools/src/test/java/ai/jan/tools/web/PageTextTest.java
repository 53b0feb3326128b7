// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Stream;
import okhttp3.HttpUrl;
import okio.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PageTextTest {
    private static final HttpUrl URL = HttpUrl.get("https://site.test/page");
    private static final int MOST = 100_000;

    /** Each of these took minutes or hours of a processor, which no deadline can end. */
    static Stream<Arguments> hostilePages() {
        return Stream.of(
                Arguments.of("spaces", "<pre>" + " ".repeat(4_000_000) + "x"),
                Arguments.of("nested navigation", "<header><nav>".repeat(300_000)),
                Arguments.of("nested pictures", "<svg><a>".repeat(500_000)),
                Arguments.of(
                        "a long base",
                        "<base href='http://x.test/"
                                + "a".repeat(1_000_000)
                                + "/'>"
                                + "<a href=b>".repeat(300_000)),
                Arguments.of(
                        "a long link", "<a href='/" + "a".repeat(3_000_000) + "'>" + "<b>x</b>"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostilePages")
    void aHostilePageTakesNoLongerThanAnother(String name, String page) {
        assertTimeoutPreemptively(
                Duration.ofSeconds(30),
                () ->
                        assertThat(text(page, false).length() + text(page, true).length())
                                .as(name)
                                .isLessThanOrEqualTo(2 * MOST));
    }

    @Test
    void looksAtSoManyTagsAndSaysThatThereAreMore() throws Exception {
        var large = HtmlPage.parse(bytes("<p>word ".repeat(HtmlPage.MAX_TAGS + 1)), null, URL);
        var small = HtmlPage.parse(bytes("<p>word ".repeat(10)), null, URL);

        assertThat(large.isWhole()).isFalse();
        assertThat(large.document().select("p")).hasSize(HtmlPage.MAX_TAGS);
        assertThat(small.isWhole()).isTrue();
    }

    @Test
    void leavesOutWhatIsHiddenOrFramesThePage() throws Exception {
        var page =
                "<nav>menu</nav><p>one <i hidden>two</i><b aria-hidden=true>three</b>four </p>"
                        + "<svg><text>five</text></svg><template>six</template><p>seven";

        assertThat(text(page, false)).isEqualTo("one four\n\nseven");
    }

    @Test
    void readsTheWholePageIfItsContentSaysNothing() throws Exception {
        assertThat(text("<p>all of it</p><main>a</main>", false)).startsWith("all of it");
    }

    private static String text(String page, boolean markdown) throws IOException {
        return PageText.of(
                HtmlPage.parse(bytes(page), StandardCharsets.UTF_8, URL).document(),
                markdown,
                MOST);
    }

    private static ByteString bytes(String page) {
        return ByteString.encodeUtf8(page);
    }
}
