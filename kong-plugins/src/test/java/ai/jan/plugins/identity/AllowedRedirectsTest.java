// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedRedirectsTest {
    private final AllowedRedirects redirects =
            new AllowedRedirects(
                    List.of("https://app.example.com/below/", "http://localhost:3000/done"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://app.example.com/below/",
                "https://app.example.com/below/here?x=1&y=%20",
                "http://localhost:3000/done",
                "http://localhost:3000/done?x=1",
            })
    void allowsWhatIsBelowAnEntryOrIsOne(String url) {
        assertThat(redirects.allows(url)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "https://app.example.com",
                "https://app.example.com/",
                "https://app.example.com/below",
                "https://app.example.com/belowhere",
                "https://app.example.com/below/../",
                "https://app.example.com/below/%2e%2e/",
                "https://app.example.com:444/below/",
                "http://app.example.com/below/",
                "https://app.example.com.evil.example/below/",
                "https://evil.example/https://app.example.com/below/",
                "https://evil@app.example.com/below/",
                "https://app.example.com@evil.example/below/",
                "https:\\\\app.example.com/below/",
                "https://app.example.com\\.evil.example/below/",
                "https://app.example.com/below/#token",
                "https://app.example.com/below/\r\nX: y",
                " https://app.example.com/below/",
                "HTTPS://app.example.com/below/",
                "//app.example.com/below/",
                "http://localhost:3000/done/more",
                "javascript:alert(1)",
            })
    void allowsNothingElse(String url) {
        assertThat(redirects.allows(url)).isFalse();
    }

    @Test
    void allowsNothingWithoutEntries() {
        assertThat(new AllowedRedirects(List.of()).allows("https://app.example.com/")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"app.example.com", "*", "https://app.example.com/?x", "ftp://x/"})
    void refusesAnEntryThatIsNoAddress(String entry) {
        assertThatThrownBy(() -> new AllowedRedirects(List.of(entry)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(entry);
    }
}
