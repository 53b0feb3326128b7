// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.jan.kit.lifecycle.ProcessFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OperatorFileTest {
    @TempDir private Path folder;

    @Test
    void readsRulesAndServers() throws Exception {
        var content =
                read(
                        """
                        access:
                          - tools: [scrape, "docs__*"]
                            allow: [user, admin]
                        upstreams:
                          - name: docs
                            url: https://mcp.example.com/mcp
                            tools: [search, {name: read, sha256: %s}]
                            headers: {Authorization: DOCS_KEY}
                        """
                                .formatted("a".repeat(64)));

        var upstream = content.upstreams().getFirst();
        assertThat(upstream.tools()).hasSize(2);
        assertThat(upstream.tools().get(1).fingerprint()).hasValue("a".repeat(64));
        assertThat(upstream.headers().get("Authorization").reveal()).isEqualTo("Bearer docs");
        assertThat(upstream.toString()).doesNotContain("Bearer docs");
        var access = content.access();
        assertThat(access.admits(Set.of("user"), "docs__search")).isTrue();
        assertThat(access.admits(Set.of("guest"), "docs__search")).isFalse();
        assertThat(access.admits(Set.of(), "scrape")).isFalse();
        assertThat(access.admits(Set.of(), "google_search")).isTrue();
        assertThat(access.admits(Set.of("guest"), "python_exec")).isFalse();
        assertThat(access.admits(Set.of("user"), "python_exec")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "upstreams: [{name: a, command: [npx, evil], tools: [x]}]",
                "upstreams: [{name: a, url: 'stdio:npx evil', tools: [x]}]",
                "upstreams: [{name: a, url: 'file:///bin/sh', tools: [x]}]",
                "upstreams: [{name: a, url: 'https://user:word@host/mcp', tools: [x]}]",
                "upstreams: [{name: a, url: 'https://host/mcp', tools: [x], command: sh}]",
                "upstreams: [{name: a, url: 'https://host/mcp', tools: [x], args: [a]}]",
                "upstreams: [{name: a, url: 'https://host/mcp', tools: [x], env: {A: b}}]"
            })
    void t7ThereIsNoWayToDeclareACommand(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(ProcessFailure.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "access: nobody",
                "upstreams: none",
                "access: [{tools: [scrape], deny: [guest], deny: [user]}]",
                "upstreams: [{name: a, url: 'https://host/mcp', tools: [x], headers: secret}]"
            })
    void passesNothingOver(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(ProcessFailure.class);
    }

    @Test
    void takesAnEmptyListForNone() throws Exception {
        assertThat(read("access:\nupstreams:\n").upstreams()).isEmpty();
    }

    @Test
    void reportsEveryProblemTogether() {
        assertThatThrownBy(() ->
                        read(
                                """
                                acces: []
                                access: [{tools: [a]}]
                                upstreams:
                                  - {name: Bad Name, url: nonsense, tools: []}
                                  - {name: x, url: 'http://h/mcp', tools: [{name: t, sha256: short}], headers: {A: NOT_SET}}
                                  - {name: x, url: 'http://h/mcp', tools: [t]}
                                """))
                .hasMessageContaining("'acces' is not known")
                .hasMessageContaining("access[0]")
                .hasMessageContaining("upstreams[0].name")
                .hasMessageContaining("upstreams[0].url")
                .hasMessageContaining("upstreams[0].tools")
                .hasMessageContaining("upstreams[1].tools[0].sha256")
                .hasMessageContaining("NOT_SET")
                .hasMessageContaining("'x' is there twice");
    }

    private OperatorFile.Content read(String text) throws IOException {
        var file = Files.writeString(folder.resolve("tools.yml"), text);
        return OperatorFile.read(Optional.of(file), Map.of("DOCS_KEY", "Bearer docs"));
    }
}
