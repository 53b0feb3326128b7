// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QueryStringTest {
    @Test
    void readsArgumentsAsKongDoes() {
        var args = QueryString.parse("a=1&b&c=&d=%20%2B+x&e=caf%C3%A9&f=%E9&=none&g=%zz%4&&");

        assertThat(args)
                .extracting(arg -> arg.name() + arg.value().map(v -> "=" + v).orElse(""))
                .containsExactly("a=1", "b", "c=", "d= + x", "e=caf\u00e9", "f=\udce9", "g=%zz%4");
    }

    @Test
    void leavesTheOtherArgumentsAsTheyWere() {
        assertThat(QueryString.without("a=%41&b&a&%61=2&c=+", "a")).isEqualTo("b&c=+");
        assertThat(QueryString.without("", "a")).isEmpty();
    }
}
