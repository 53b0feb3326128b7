// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SettingsTest {
    @Test
    void readsWhatIsThereAndFillsInWhatIsNot() {
        var settings =
                new Settings(
                        Map.of(
                                "JAN_A",
                                "a",
                                "JAN_PORT",
                                "81",
                                "JAN_URL",
                                "http://x.example/v1",
                                "PATH",
                                "/"));
        assertThat(settings.text("JAN_A", "b")).isEqualTo("a");
        assertThat(settings.textOr("JAN_B", "b")).isEqualTo("b");
        assertThat(settings.optionalText("JAN_C")).isEmpty();
        assertThat(settings.port("JAN_PORT", 80)).isEqualTo(81);
        assertThat(settings.port("JAN_PORT_2", 80)).isEqualTo(80);
        assertThat(settings.url("JAN_URL", "http://y"))
                .isEqualTo(URI.create("http://x.example/v1"));
        assertThat(settings.check(Set.of()))
                .containsExactly(
                        "JAN_A=a",
                        "JAN_B=b",
                        "JAN_C=",
                        "JAN_PORT=81",
                        "JAN_PORT_2=80",
                        "JAN_URL=http://x.example/v1");
    }

    @Test
    void tellsEveryProblemAtOnce() {
        var settings =
                new Settings(
                        Map.of(
                                "JAN_PORT", "99999",
                                "JAN_URL", "ftp://x",
                                "JAN_KEY", "tiny",
                                "JAN_SHAPE", "round",
                                "JAN_BLANK", " "));
        settings.text("JAN_NAME", "joe");
        settings.text("JAN_BLANK", "something");
        settings.text("JAN_SHAPE", "square", "square"::equals);
        settings.port("JAN_PORT", 80);
        settings.url("JAN_URL", "http://y");
        settings.secret("JAN_KEY", 8);
        var problems =
                catchThrowableOfType(InvalidSettings.class, () -> settings.check(Set.of()))
                        .problems();
        assertThat(problems)
                .containsExactly(
                        "JAN_NAME is missing; for example joe",
                        "JAN_BLANK is missing; for example something",
                        "JAN_SHAPE is 'round'; expected a value such as square",
                        "JAN_PORT is '99999'; expected a whole number from 0 to 65535",
                        "JAN_URL is 'ftp://x'; expected an address such as http://y",
                        "JAN_KEY is too short: at least 8 characters are needed");
    }

    @Test
    void aTypoIsNotSilent() {
        var settings = new Settings(Map.of("JAN_HTTP_PROT", "1", "JAN_OTHERS", "2"));
        settings.port("JAN_HTTP_PORT", 80);
        assertThatThrownBy(() -> settings.check(Set.of("JAN_OTHERS")))
                .hasMessage(
                        "JAN_HTTP_PROT is not a setting of this process; did you mean JAN_HTTP_PORT?");
    }

    @Test
    void knowsTheSettingsOfSiblingsTheirFilesAndOfEveryProcess() {
        var settings =
                new Settings(
                        Map.of(
                                "JAN_DATABASE_PASSWORD_FILE", "/x",
                                "JAN_MODEL_PORT", "1",
                                "JAN_STOP_ON_STDIN_EOF", "true"));
        assertThat(settings.check(PlatformSettings.NAMES)).isEmpty();
    }

    @Test
    void neverShowsASecret() {
        var settings = new Settings(Map.of("JAN_KEY", "hush hush"));
        var secret = settings.secret("JAN_KEY", 4);
        assertThat(secret.reveal()).isEqualTo("hush hush");
        assertThat(secret).hasToString("***");
        assertThat(settings.check(Set.of())).isEqualTo(List.of("JAN_KEY=***"));
    }

    @Test
    void aFileThatIsNotThereIsAProblem() {
        var settings =
                new Settings(
                        Map.of("JAN_KEY_FILE", "/no/such/file", "JAN_B", "b", "JAN_B_FILE", "/b"));
        settings.optionalSecret("JAN_KEY", 4);
        settings.optionalText("JAN_B");
        assertThatThrownBy(() -> settings.check(Set.of()))
                .hasMessageContaining(
                        "JAN_KEY_FILE names a file that cannot be read: /no/such/file")
                .hasMessageContaining("JAN_B and JAN_B_FILE are both set; keep one");
    }
}
