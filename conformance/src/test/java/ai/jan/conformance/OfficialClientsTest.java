// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The page of what is tested with official clients: each of its lines is, with each client. */
class OfficialClientsTest {
    private static final Path ROOT = Path.of("..");
    private static final Path CLIENTS = ROOT.resolve("conformance/clients");
    private static final Path JAVA = ROOT.resolve("conformance/src/test/java/ai/jan/conformance");
    private static final int LINES = 16;
    private static final Pattern NAME = Pattern.compile("`([^`]+)`");

    /** A line of the page: its number, and the tests with Java, Python and Node. */
    private record Line(int number, List<List<String>> tests) {}

    @Test
    void everyLineIsThere() throws Exception {
        assertThat(lines().stream().map(Line::number))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, LINES).boxed().toList());
    }

    @ParameterizedTest
    @MethodSource("lines")
    void everyTestExists(Line line) throws Exception {
        assertThat(line.tests()).hasSize(3).noneMatch(List::isEmpty);
        for (var test : line.tests().get(0)) {
            var names = test.split("\\.");
            assertIn(JAVA.resolve(names[0] + ".java"), "    void " + names[1] + "(");
        }
        for (var test : line.tests().get(1)) {
            var names = test.split("::");
            assertIn(CLIENTS.resolve(names[0]), "\ndef " + names[1] + "(");
        }
        for (var test : line.tests().get(2)) {
            var names = test.split(": ", 2);
            assertThat(Files.readString(CLIENTS.resolve(names[0])))
                    .as(test)
                    .containsPattern("test\\(['`]" + Pattern.quote(names[1]));
        }
    }

    private static void assertIn(Path file, String declaration) throws IOException {
        assertThat(Files.readString(file)).as(file.toString()).contains(declaration);
    }

    private static List<Line> lines() throws IOException {
        var lines = new ArrayList<Line>();
        for (var row : Files.readAllLines(ROOT.resolve("docs/api/clients.md"))) {
            var cells = row.split(" \\| ");
            if (cells.length == 5 && cells[0].matches("\\| \\d+")) {
                lines.add(
                        new Line(
                                Integer.parseInt(cells[0].substring(2)),
                                List.of(names(cells[2]), names(cells[3]), names(cells[4]))));
            }
        }
        return lines;
    }

    private static List<String> names(String cell) {
        return NAME.matcher(cell).results().map(found -> found.group(1)).toList();
    }
}
