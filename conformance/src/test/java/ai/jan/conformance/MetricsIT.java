// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Compares the table of docs/architecture/observability.md with what the platform exposes. */
@ExtendWith(SharedStack.class)
class MetricsIT {
    private static final Path PAGE = Path.of("../docs/architecture/observability.md");
    private static final Pattern ROW =
            Pattern.compile("\\| `(\\w+)` \\| (\\w+) \\| ([^|]*)\\| ([^|]+) \\| .+ \\|");
    private static final Pattern QUOTED = Pattern.compile("`(\\w+)`");

    private static final Map<String, Scrape> SCRAPES = new TreeMap<>();

    /** One line of the table. */
    private record Row(String metric, String type, Set<String> labels, String processes) {
        static Row of(MatchResult line) {
            return new Row(
                    line.group(1),
                    line.group(2),
                    new TreeSet<>(quoted(line.group(3))),
                    line.group(4));
        }

        boolean isOf(String process) {
            return processes.equals("all") || processes.contains(process);
        }
    }

    @BeforeAll
    static void scrape(SharedStack.Running running) throws Exception {
        SCRAPES.putAll(Traffic.of(running).scrapes());
        SCRAPES.remove("kong"); // of which Kong tells
    }

    @Test
    void whatTheTableNamesIsThere() throws Exception {
        var rows = rows();
        assertThat(rows).hasSizeGreaterThan(30);
        SCRAPES.forEach((process, scrape) -> {
            for (var row : rows) {
                if (row.isOf(process)) {
                    var name = process + ": " + row.metric;
                    assertThat(scrape.types().get(row.metric)).as(name).isEqualTo(row.type);
                    if (!Traffic.RARE.contains(row.metric)) {
                        assertThat(scrape.labels().get(row.metric)).as(name).isEqualTo(row.labels);
                    }
                }
            }
        });
    }

    @Test
    void whatIsThereIsNamedInTheTable() throws Exception {
        var rows = rows();
        SCRAPES.forEach((process, scrape) -> {
            var ours =
                    scrape.types().keySet().stream()
                            .filter(name -> name.startsWith("jan_") || name.startsWith("gen_ai_"))
                            .filter(name -> !name.endsWith("_created"))
                            .toList();
            assertThat(ours)
                    .as(process)
                    .isSubsetOf(
                            rows.stream()
                                    .filter(row -> row.isOf(process))
                                    .map(Row::metric)
                                    .toList());
        });
    }

    @Test
    void tellsOfTheJvm() throws Exception {
        var text = Files.readString(PAGE);
        var named = new ArrayList<String>();
        for (var name : quoted(text.substring(text.indexOf("All of them also expose")))) {
            if (name.startsWith("jvm_") || name.startsWith("process_")) {
                named.add(name);
            }
        }
        assertThat(named).hasSizeGreaterThan(4);
        SCRAPES.forEach((process, scrape) ->
                assertThat(scrape.types().keySet()).as(process).containsAll(named));
    }

    private static List<Row> rows() throws IOException {
        return ROW.matcher(Files.readString(PAGE)).results().map(Row::of).toList();
    }

    private static List<String> quoted(String text) {
        return QUOTED.matcher(text).results().map(found -> found.group(1)).toList();
    }
}
