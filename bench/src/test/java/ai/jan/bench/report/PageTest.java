// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.bench.report.Figure.Aim;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

class PageTest {
    @TempDir private Path folder;

    @Test
    void namesTheGatewayOfEachRowAndThatItIsNotKong() throws Exception {
        Page.write(results(Map.of()), folder);

        var page = Files.readString(folder.resolve("platform.md"));
        assertThat(page)
                .contains("not Kong. None of these figures is one of Kong's")
                .contains("| all of it | local-gateway | 32 clients |")
                .contains("| service | none | 1 client |");
    }

    @Test
    void tellsAimsThatAreMissed() throws Exception {
        Page.write(results(Map.of()), folder);

        assertThat(Files.readString(folder.resolve("platform.md")))
                .contains(
                        "| Answers of <1 KB>: all of it | local-gateway | time added p50 | 3 ms | ≤ 2 ms | **missed** |")
                .contains(
                        "| Answers of <1 KB>: service | none | time added p50 | 1 ms | ≤ 2 ms | reached |");
    }

    @Test
    void tellsEveryFailureAndThatItShouldNotHaveBeen() throws Exception {
        var results = results(Map.of("502", 3, "503", 7));
        Page.write(results, folder);

        assertThat(Files.readString(folder.resolve("platform.md")))
                .contains("**3 × 502**, (7 × 503)");
        assertThat(results.isSound()).isFalse();
        assertThat(results(Map.of("503", 7)).isSound()).isTrue();
    }

    @Test
    void showsTheFiguresOfWhatIsNotComparedByTheirTimes() throws Exception {
        var measured = results(Map.of()).results().getFirst();
        var special =
                new Result(
                        "c",
                        "clients leave",
                        "Leaving",
                        "all",
                        "local-gateway",
                        List.of(),
                        "storms",
                        "",
                        1,
                        "today",
                        measured.through(),
                        null,
                        measured.processes(),
                        List.of(
                                Figure.of("missed", 0, ""),
                                Figure.of("gone_p50", 0.5, "ms"),
                                Figure.of("gone_worst", 20, "ms")),
                        List.of());

        Page.write(new Results(List.of(special), List.of()), folder);

        assertThat(Files.readString(folder.resolve("platform.md")))
                .contains("### clients leave (all)")
                .contains("| missed | local-gateway | 0 |  |  |  |")
                .contains("| gone | local-gateway |  | 0.50 ms |  | 20 ms |")
                .contains("| requests | local-gateway | 1000 answered, failed: 0 |");
    }

    @Test
    void plotsAreWellFormedAndSayInWordsWhatTheyShow() throws Exception {
        Page.write(results(Map.of()), folder);

        var page = Files.readString(folder.resolve("platform.md"));
        var documents = DocumentBuilderFactory.newInstance().newDocumentBuilder();
        int count = 0;
        try (var plots = Files.newDirectoryStream(folder, "*.svg")) {
            for (var plot : plots) {
                assertThat(page).contains("](" + plot.getFileName() + ")");
                var document =
                        documents.parse(new InputSource(new StringReader(Files.readString(plot))));
                assertThat(document.getElementsByTagName("title").item(0).getTextContent())
                        .contains("<1 KB>");
                assertThat(document.getElementsByTagName("desc").item(0).getTextContent())
                        .contains("llm-api-lite, 1 client: ");
                count++;
            }
        }
        assertThat(count).isEqualTo(2);
    }

    @Test
    void whatIsReadIsWhatWasWritten() throws Exception {
        var results = results(Map.of("503", 1));
        var file = folder.resolve("platform.json");

        results.write(file);

        assertThat(Results.read(file)).isEqualTo(results);
    }

    @Test
    void keepsWhatOtherRunsHaveShown() {
        var before = results(Map.of("502", 3));
        var now = new Results(results(Map.of()).results().subList(0, 1), List.of());

        var both = now.over(before, List.of("b", "a", "gone"));

        assertThat(both.results()).extracting(Result::name).containsExactly("b", "a");
        assertThat(both.results().getLast().unexpectedFailures()).isZero();
        assertThat(both.results().getFirst().unexpectedFailures()).isEqualTo(3);
    }

    private static Results results(Map<String, Integer> failures) {
        return new Results(
                List.of(
                        result("a", "all of it", "all", "local-gateway", "32 clients", 3, Map.of()),
                        result("b", "service", "llm-api-lite", "none", "1 client", 1, failures)),
                List.of());
    }

    private static Result result(
            String name,
            String title,
            String target,
            String gateway,
            String load,
            double added,
            Map<String, Integer> failures) {
        return new Result(
                name,
                title,
                "Answers of <1 KB>",
                target,
                gateway,
                List.of(),
                "an answer",
                load,
                2,
                "today",
                side(failures),
                side(Map.of()),
                List.of(new Result.Used("llm-api-lite", 0.5, 100, 120)),
                List.of(
                        Figure.of("requests_per_second", 100, "1/s"),
                        new Figure("time_added_p50", added, "ms", new Aim(true, 2))),
                List.of("503"));
    }

    private static Result.Side side(Map<String, Integer> failures) {
        var times = new Histogram(3);
        for (int i = 1; i <= 1000; i++) {
            times.recordValue(i * 1000);
        }
        var none = Curve.of(new Histogram(3));
        return new Result.Side(5, 1000, 0, failures, Curve.of(times), none, none, none, 0);
    }
}
