// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LuaPatternTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "^%a+$ | abc | true",
                "^%a+$ | a1 | false",
                "%d | a1 | true",
                "^https?:// | http://x | true",
                "^https?:// | ftp://x | false",
                "^[%w_.-]+$ | a-b_c.1 | true",
                "^[%w_]+$ | a-b | false",
                "^[^%s]+$ | a b | false",
                "^[^%D]+$ | 12 | true",
                "^[^%D]+$ | 1a | false",
                "^[a-c-]+$ | a-c | true",
                "^[]]+$ | ]] | true",
                "^<.->$ | <a> | true",
                "^a.c$ | aéc | false",
                "^a..c$ | aéc | true",
                "^%[%x+%]$ | [fF0] | true",
                "^[%p]$ | + | true",
                "a%.b | axb | false",
            })
    void findsWhatLuaFinds(String pattern, String text, boolean found) {
        assertThat(LuaPattern.of(pattern).matches(text)).isEqualTo(found);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\\d", "a|b", "(ab)+", "a{2}", "[a", "%", "%q", "a^b", "a$b", "*a", "[\\w]",
                "%b()", "%1", "a++"
            })
    void refusesWhatIsMalformedOrMeansSomethingElse(String pattern) {
        assertThatThrownBy(() -> LuaPattern.of(pattern))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("not a safe Lua pattern");
    }
}
