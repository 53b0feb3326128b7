// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.router;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths as Kong compares them and sends them on. */
class RequestPathTest {
    @ParameterizedTest
    @CsvSource({
        "/a//b, /a/b",
        "/a/./b, /a/b",
        "/a/x/../b, /a/b",
        "/a/%2e%2e/b, /b",
        "/%61, /a",
        "/a%2fb, /a%2Fb",
        "/a/b/.., /a/",
        "/a%20b, '/a b'",
    })
    void isNormalised(String path, String normalised) {
        assertThat(RequestPath.normalise(path)).contains(normalised);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/../x", "/a%00b", "/a%zz", "/a%4"})
    void isRefused(String path) {
        assertThat(RequestPath.normalise(path)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'', /r/x, /r, /x",
        "'', /r, /r, /",
        "/base, /r, /r, /base",
        "/base, /r/, /r, /base/",
        "/base, /rab, /r, /base/ab",
        "/base/, /r, /r, /base",
        "/base/, /r/x, /r, /base/x",
        "/base, /, '', /base",
        "/base/, /, '', /base/",
        "/v1, /llm/v1/models, /llm/v1/, /v1/models",
    })
    void isPutBehindTheServices(String base, String path, String prefix, String upstream) {
        assertThat(RequestPath.upstream(base, path, prefix)).isEqualTo(upstream);
    }

    @Test
    void isEscapedWhereItMustBe() {
        assertThat(RequestPath.escape("/a b%2F\u00fc+;=")).isEqualTo("/a%20b%2F%FC+;=");
    }
}
