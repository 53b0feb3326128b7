// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LuaPatternTest {
    private static boolean finds(String lua, String text) {
        return LuaPattern.compile(lua).orElseThrow().matcher(text).find();
    }

    @Test
    void readsLuasClassesAnchorsAndQuantifiers() {
        assertThat(finds("^%a+$", "abc")).isTrue();
        assertThat(finds("^%a+$", "a1")).isFalse();
        assertThat(finds("^[%w_%-]+$", "a-b_1")).isTrue();
        assertThat(finds("^a.-b$", "axxb")).isTrue();
        assertThat(finds("a|b", "a")).isFalse();
        assertThat(finds("^%d%.%d$", "1.2")).isTrue();
    }

    @Test
    void knowsWhatItCannotRead() {
        assertThat(LuaPattern.compile("%b()")).isEmpty();
    }
}
