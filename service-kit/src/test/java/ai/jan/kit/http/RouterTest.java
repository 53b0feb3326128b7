// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RouterTest {
    private final Router router =
            new Router()
                    .get("/models/{id...}", _ -> {})
                    .get("/models/{id}/owner", _ -> {})
                    .get("/models/special", _ -> {})
                    .get("/", _ -> {})
                    .post("/things/{id}", _ -> {})
                    .delete("/things/{id}", _ -> {});

    @Test
    void theMoreSpecificTemplateWinsWhateverTheOrder() {
        assertThat(template("models", "special")).isEqualTo("/models/special");
        assertThat(template("models", "a", "owner")).isEqualTo("/models/{id}/owner");
        assertThat(template("models", "a", "b")).isEqualTo("/models/{id...}");
        assertThat(template("")).isEqualTo("/");
    }

    @Test
    void takesTheRestOfThePathWithItsSlashes() {
        assertThat(router.find("GET", List.of("models", "a", "b/c")))
                .isInstanceOfSatisfying(
                        Router.Match.Found.class,
                        found -> assertThat(found.parameters()).isEqualTo(Map.of("id", "a/b/c")));
    }

    @Test
    void anEmptySegmentIsNoValue() {
        assertThat(router.find("GET", List.of("models", ""))).isEqualTo(new Router.Match.Nothing());
        assertThat(router.find("POST", List.of("things", "")))
                .isEqualTo(new Router.Match.Nothing());
    }

    @Test
    void namesAllMethodsOfAPath() {
        assertThat(router.find("PUT", List.of("things", "1")))
                .isInstanceOfSatisfying(
                        Router.Match.WrongMethod.class,
                        wrong -> assertThat(wrong.allowed()).containsExactly("DELETE", "POST"));
        assertThat(router.find("PUT", List.of("models", "special")))
                .isInstanceOfSatisfying(
                        Router.Match.WrongMethod.class,
                        wrong -> assertThat(wrong.allowed()).containsExactly("GET", "HEAD"));
    }

    @Test
    void refusesTemplatesThatMakeNoSense() {
        assertThatThrownBy(() -> new Router().get("models", _ -> {}))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Router().get("/{rest...}/more", _ -> {}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private String template(String... path) {
        return ((Router.Match.Found) router.find("GET", List.of(path))).template();
    }
}
