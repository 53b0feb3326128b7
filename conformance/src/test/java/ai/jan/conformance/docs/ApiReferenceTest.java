// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/**
 * The routes and bodies on the API's page are those of {@code openapi.yml}, which other tests hold
 * to the code. {@code make docs} writes the page anew.
 */
class ApiReferenceTest {
    private static final String BEGIN = "<!-- from openapi.yml -->";
    private static final String END = "<!-- to here -->";

    @Test
    void isWrittenFromTheDescription() throws Exception {
        var page = Markdown.page("docs/api/README.md");
        var lines = page.lines();
        assertThat(lines).contains(BEGIN, END);

        var written = new ArrayList<>(lines.subList(0, lines.indexOf(BEGIN) + 1));
        written.addAll(ApiReference.lines());
        written.add("");
        written.addAll(lines.subList(lines.indexOf(END), lines.size()));
        if (System.getProperty("docs.write") != null) {
            Files.write(page.file(), written);
        }

        assertThat(Markdown.read(page.file()).lines())
                .as("openapi.yml has changed: run make docs")
                .isEqualTo(written);
    }
}
