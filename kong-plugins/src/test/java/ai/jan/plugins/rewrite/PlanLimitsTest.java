// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanLimitsTest {
    private static final String START =
            "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]";

    private final TestingRewrite rewrite =
            new TestingRewrite(
                    """
                    {"plans": {"user": {
                       "output_tokens": 100, "max_output_tokens": 1000, "max_choices": 4,
                       "limits": {
                         "temperature": {"if_absent": 0.7, "max": 1.5},
                         "top_p": {"min": 0.1, "max": 1, "beyond": "refuse"},
                         "top_k": {"max": 50}}}}}
                    """);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'\"max_tokens\":5000'                        | '\"max_tokens\":1000'  | 1000",
                "'\"max_completion_tokens\": 5000'    | '\"max_completion_tokens\": 1000' | 1000",
                "'\"max_tokens\":7,\"max_completion_tokens\":9999'"
                        + " | '\"max_tokens\":7,\"max_completion_tokens\":1000' | 1000",
                "'\"max_tokens\":1000'                        | '\"max_tokens\":1000'  | 1000",
                "'\"max_tokens\":12 ,\"n\":3'                 | '\"max_tokens\":12 ,\"n\":3' | 36",
                "'\"max_tokens\":99999999999999999999999999'  | '\"max_tokens\":1000'  | 1000",
                "'\"max_tokens\":null'                        | '\"max_tokens\":100'   | 100"
            })
    void answersAreNoLongerThanThePlanHas(String asked, String sent, long summed) {
        var result = rewrite.chat("\"temperature\":1," + asked);
        assertThat(result.body()).isEqualTo(START + ",\"temperature\":1," + sent + "}");
        assertThat(result.summary().outputTokens()).isEqualTo(summed);
    }

    @Test
    void whatIsNotSaidIsWrittenBeforeTheRest() {
        var result = rewrite.chat("");
        assertThat(result.body())
                .isEqualTo("{\"temperature\":0.7,\"max_tokens\":100," + START.substring(1) + "}");
        assertThat(result.summary().outputTokens()).isEqualTo(100);
    }

    @Test
    void eachCallHasItsOwnNameForIt() {
        var responses = rewrite.post("/v1/responses", "{\"model\":\"m\",\"input\":\"x\"}");
        assertThat(responses.body())
                .isEqualTo(
                        "{\"temperature\":0.7,\"max_output_tokens\":100,\"model\":\"m\",\"input\":\"x\"}");
        assertThat(responses.summary().kind()).hasToString("RESPONSES");
        var legacy =
                rewrite.post(
                        "/v1/completions", "{\"model\":\"m\",\"prompt\":[\"a\",\"b\"],\"n\":2}");
        assertThat(legacy.body()).contains("\"max_tokens\":16");
        assertThat(legacy.summary().outputTokens()).isEqualTo(16 * 2 * 2);
        var embeddings = rewrite.post("/v1/embeddings", "{\"model\":\"m\",\"input\":[1,2,3]}");
        assertThat(embeddings.body()).isEqualTo("{\"model\":\"m\",\"input\":[1,2,3]}");
        assertThat(embeddings.summary().outputTokens()).isZero();
        var count = rewrite.post("/v1/responses/input_tokens", "{\"model\":\"m\",\"input\":\"x\"}");
        assertThat(count.summary().kind()).hasToString("OTHER");
        assertThat(count.summary().outputTokens()).isZero();
    }

    @Test
    void otherNumbersAreCappedOrRefused() throws Exception {
        assertThat(rewrite.chat("\"temperature\":2.0,\"max_tokens\":1").body())
                .endsWith("\"temperature\":1.5,\"max_tokens\":1}");
        assertThat(rewrite.chat("\"top_p\":1.01").code()).isEqualTo("decimal_above_max_value");
        assertThat(rewrite.chat("\"top_p\":0").code()).isEqualTo("integer_below_min_value");
        assertThat(rewrite.chat("\"top_k\":1e999").code()).isEqualTo("invalid_type");
        assertThat(rewrite.chat("\"temperature\":1e999").body()).contains("\"temperature\":1.5");
        assertThat(rewrite.chat("\"temperature\":\"hot\"").param()).isEqualTo("temperature");
    }

    @Test
    void moreChoicesAreRefused() throws Exception {
        assertThat(rewrite.chat("\"n\":4").status()).isEqualTo(200);
        var refused = rewrite.chat("\"n\":5");
        assertThat(refused.code()).isEqualTo("integer_above_max_value");
        assertThat(refused.param()).isEqualTo("n");
        assertThat(
                        rewrite.post(
                                        "/v1/completions",
                                        "{\"model\":\"m\",\"prompt\":\"x\",\"best_of\":5}")
                                .param())
                .isEqualTo("best_of");
        var best =
                rewrite.post(
                        "/v1/completions",
                        "{\"model\":\"m\",\"prompt\":\"x\",\"best_of\":4,\"max_tokens\":10}");
        assertThat(best.summary().outputTokens()).isEqualTo(40);
    }

    @Test
    void withoutLimitsNothingIsChangedOrCounted() {
        var open = new TestingRewrite("{}");
        var result = open.chat("\"temperature\":2");
        assertThat(result.body()).isEqualTo(START + ",\"temperature\":2}");
        assertThat(result.summary().outputTokens()).isNull();
    }

    @Test
    void aPlanThatIsNotNamedHasTheRulesOfTheOthers() {
        var others = new TestingRewrite("{\"plans\":{\"*\":{\"max_output_tokens\":32}}}");
        assertThat(others.as("x", "whatever").chat("\"max_tokens\":33").body())
                .endsWith("\"max_tokens\":32}");
        assertThat(others.chat("").body()).startsWith("{\"max_tokens\":32,");
    }
}
