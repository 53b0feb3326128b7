// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.database.TestingDatabase;
import ai.jan.llm.backend.BackendConfig;
import ai.jan.llm.backend.Deadlines;
import ai.jan.llm.backend.ServedModel;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Completions and embeddings. What their streams look like is in {@link RecordedVllmIT}. */
@Timeout(60)
class PassThroughIT {
    private static final VllmRecording EMBEDDING =
            new VllmRecording(
                    "",
                    200,
                    "embeddings",
                    "application/json",
                    "{\"id\":\"embd-1\",\"object\":\"list\",\"created\":1,\"model\":\"m\",\"data\":[{\"index\":0,"
                            + "\"object\":\"embedding\",\"embedding\":\"AACAPwAAAEA=\"}],"
                            + "\"usage\":{\"prompt_tokens\":1,\"total_tokens\":1}}");

    private static TestingDatabase storage;
    private static ReplayingVllm vllm;
    private static TestingLlmApi api;
    private static TestingLlmApi.Caller alice;

    @BeforeAll
    static void start() throws IOException {
        storage = TestingDatabase.migrated();
        vllm = new ReplayingVllm();
        var models = List.of(new ServedModel("m", "m", OptionalInt.empty()));
        api =
                TestingLlmApi.start(
                        storage,
                        new BackendConfig(
                                "vllm", vllm.url(), Optional.empty(), models, Deadlines.DEFAULT));
        alice = api.caller("alice");
    }

    @AfterAll
    static void stop() throws IOException {
        api.close();
        vllm.close();
        storage.close();
    }

    @Test
    void embeddingsPassInEitherEncoding() throws Exception {
        vllm.play(EMBEDDING);
        var body = "{\"input\":[\"a\",\"b\"],\"model\":\"m\",\"encoding_format\":\"base64\"}";
        var reply = alice.post("/v1/embeddings", body);
        assertThat(reply.text()).isEqualTo(EMBEDDING.body());
        assertThat(vllm.askedText()).isEqualTo(body);
    }

    @Test
    void whatIsNullDoesNotReachAServerThatRefusesIt() throws Exception {
        vllm.play(EMBEDDING);
        alice.post(
                "/v1/embeddings",
                "{\"input\":\"a\",\"encoding_format\":null,\"model\":\"m\",\"dimensions\":null,\"x\":null}");
        assertThat(vllm.askedText()).isEqualTo("{\"input\":\"a\",\"model\":\"m\",\"x\":null}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "null",
            value = {
                "embeddings | {\"input\":\"a\"} | null | null",
                "embeddings | {\"model\":\"m\"} | missing_required_parameter | input",
                "embeddings | {\"model\":\"m\",\"input\":7} | invalid_type | input",
                "embeddings | {\"model\":\"m\",\"input\":[]} | empty_array | input",
                "embeddings | {\"model\":\"m\",\"input\":\"a\",\"encoding_format\":\"hex\"} | invalid_value | encoding_format",
                "embeddings | {\"model\":\"m\",\"input\":\"a\",\"dimensions\":0} | integer_below_min_value | dimensions",
                "embeddings | {\"model\":\"m\",\"input\":\"\"} | empty_string | input",
                "embeddings | {\"model\":\"m\",\"input\":[\"a\",{}]} | invalid_type | input[1]",
                "embeddings | {\"model\":\"m\",\"input\":[1,\"a\"]} | invalid_type | input[1]",
                "embeddings | {\"model\":\"m\",\"input\":[[1],[2,\"a\"]]} | invalid_type | input[1][1]",
                "embeddings | {\"model\":\"m\",\"input\":\"a\",\"user\":1} | invalid_type | user",
                "completions | {\"prompt\":\"a\"} | null | null",
                "completions | {\"model\":\"m\"} | missing_required_parameter | prompt",
                "completions | {\"model\":\"m\",\"prompt\":7} | invalid_type | prompt",
                "completions | {\"model\":\"m\",\"prompt\":[true]} | invalid_type | prompt[0]",
                "completions | {\"model\":\"m\",\"prompt\":\"a\",\"n\":0} | integer_below_min_value | n",
                "completions | {\"model\":\"m\",\"prompt\":\"a\",\"best_of\":21} | integer_above_max_value | best_of",
                "completions | {\"model\":\"m\",\"prompt\":\"a\",\"logprobs\":6} | integer_above_max_value | logprobs",
                "completions | {\"model\":\"m\",\"prompt\":\"a\",\"echo\":1} | invalid_type | echo",
                "completions | {\"model\":\"m\",\"prompt\":\"a\",\"stop\":1} | invalid_type | stop",
                "completions | {\"model\":\"m\",\"prompt\":\"a\",\"stream_options\":{}} | invalid_value | stream_options",
            })
    void tellsWhatIsWrong(String path, String body, String code, String param) throws Exception {
        var reply = alice.post("/v1/" + path, body);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.error().path("code").textValue()).isEqualTo(code);
        assertThat(reply.error().path("param").textValue()).isEqualTo(param);
    }
}
