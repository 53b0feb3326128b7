// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every link within the project leads to a file that is there, and to a heading that it has. */
class LinksTest {
    @Test
    void leadSomewhere() throws Exception {
        var pages = Markdown.all();
        assertThat(pages).hasSizeGreaterThan(30);

        var broken = new ArrayList<String>();
        int followed = 0;
        for (var page : pages) {
            for (var link : page.links()) {
                if (!link.matches("[a-z]+:.*")) {
                    followed++;
                    if (!leadsSomewhere(page, link)) {
                        broken.add(page.name() + " links to " + link);
                    }
                }
            }
        }

        assertThat(broken).isEmpty();
        assertThat(followed).isGreaterThan(100);
    }

    @Test
    void ofTheFirstJanServersIndexAreAllThere() {
        assertThat(
                        List.of(
                                "docs/architecture/README.md",
                                "docs/architecture/system-design.md",
                                "docs/architecture/services.md",
                                "docs/architecture/data-flow.md",
                                "docs/architecture/security.md",
                                "docs/architecture/observability.md",
                                "docs/api/README.md",
                                "docs/guides/development.md",
                                "docs/guides/deployment.md",
                                "k8s/SETUP.md",
                                "k8s/README.md"))
                .allSatisfy(path -> assertThat(Markdown.ROOT.resolve(path)).isRegularFile());
    }

    @Test
    void decisionsHaveTheNumberOfTheirFileAndNoTwoTheSame() throws Exception {
        var numbers = new ArrayList<Integer>();
        for (var page : Markdown.all()) {
            if (page.name().matches("docs/adr/\\d{4}-.*")) {
                int number = Integer.parseInt(page.file().getFileName().toString().substring(0, 4));
                numbers.add(number);
                assertThat(page.lines().getFirst()).startsWith("# " + number + ". ");
            }
        }
        assertThat(numbers).hasSizeGreaterThan(15).doesNotHaveDuplicates();
    }

    private static boolean leadsSomewhere(Markdown page, String link) throws IOException {
        var address = URI.create(link);
        var target =
                address.getPath().isEmpty()
                        ? page.file()
                        : page.file().resolveSibling(address.getPath()).normalize();
        if (!target.startsWith(Markdown.ROOT) || !Files.exists(target)) {
            return false;
        }
        return address.getFragment() == null || anchors(target).contains(address.getFragment());
    }

    private static Set<String> anchors(Path target) throws IOException {
        return target.toString().endsWith(".md") ? Markdown.read(target).anchors() : Set.of();
    }
}
