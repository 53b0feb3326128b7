// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.database.TestingDatabase;
import ai.jan.kit.json.Json;
import ai.jan.llm.backend.BackendConfig;
import ai.jan.llm.backend.Deadlines;
import ai.jan.llm.backend.ServedModel;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client sees of a real vLLM's answers: the same bytes, but for the documented changes. */
@Timeout(60)
class RecordedVllmIT {
    private static final String ALIAS = "quick";
    private static final int[] PIECES = {Integer.MAX_VALUE, 1, 7, 4096};

    private static TestingDatabase storage;
    private static ReplayingVllm vllm;
    private static TestingLlmApi api;
    private static TestingLlmApi.Caller alice;

    @BeforeAll
    static void start() throws IOException {
        storage = TestingDatabase.migrated();
        vllm = new ReplayingVllm();
        var models = List.of(model(VllmRecording.MODEL), model(ALIAS));
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "chat-stream-usage",
                "chat-stream-logprobs-usage",
                "chat-stream-choices-usage",
                "chat-stream-tool-usage",
                "completion-stream-usage"
            })
    void aStreamIsTheSameByteForByteHoweverItArrives(String name) throws Exception {
        var recording = VllmRecording.of(name);
        for (int piece : PIECES) {
            vllm.play(recording, piece, Integer.MAX_VALUE);
            assertThat(ask(recording).text()).isEqualTo(recording.body());
            assertThat(vllm.asked()).isEqualTo(Json.parse(recording.request()));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "chat-stream",
                "chat-stream-logprobs",
                "chat-stream-choices",
                "chat-stream-tool",
                "completion-stream"
            })
    void theUsageThatOnlyWeAskedForIsTakenOut(String name) throws Exception {
        var plain = VllmRecording.of(name);
        vllm.play(VllmRecording.of(name + "-usage"));

        var reply = ask(plain);

        assertThat(vllm.asked().at("/stream_options/include_usage").asBoolean()).isTrue();
        assertThat(reply.text()).doesNotContain("\"usage\"");
        // vLLM's own stream without usage; in legacy completions it says "usage":null all the same
        assertThat(sameIds(reply.text()))
                .isEqualTo(sameIds(plain.body()).replace(",\"usage\":null", ""));
    }

    @Test
    void usageThatIsRepeatedInEveryChunkIsNotAskedFor() throws Exception {
        var recording = VllmRecording.of("chat-stream-continuous-usage");
        vllm.play(VllmRecording.of("chat-stream-usage"));
        ask(recording);
        assertThat(vllm.asked().path("stream_options").toString())
                .isEqualTo("{\"include_usage\":true}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat", "chat-tool", "completion"})
    void anAnswerIsTheSameByteForByte(String name) throws Exception {
        var recording = VllmRecording.of(name);
        vllm.play(recording);
        assertThat(ask(recording).text()).isEqualTo(recording.body());
        assertThat(vllm.askedText()).isEqualTo(recording.request().strip());
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat", "chat-stream-logprobs-usage", "completion-stream-usage"})
    void onlyTheNameOfTheModelIsAnotherIfItWasAskedForByAnother(String name) throws Exception {
        var recording = VllmRecording.of(name);
        vllm.play(recording);
        var reply =
                alice.post(
                        "/v1/" + recording.path(),
                        recording.request().replace(VllmRecording.MODEL, ALIAS));
        assertThat(reply.text())
                .isEqualTo(
                        recording
                                .body()
                                .replace(
                                        "\"model\":\"" + VllmRecording.MODEL + "\"",
                                        "\"model\":\"" + ALIAS + "\""));
        assertThat(vllm.asked().path("model").asText()).isEqualTo(VllmRecording.MODEL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat", "chat-stream-usage", "chat-stream-tool-usage"})
    void whatIsKeptHasAnIdOfOursAndTellsItsConversation(String name) throws Exception {
        var recording = VllmRecording.of(name);
        vllm.play(recording);
        var conversation = alice.post("/v1/conversations", "{}").id();

        var text =
                alice.post(
                                "/v1/" + recording.path(),
                                recording
                                        .request()
                                        .replaceFirst(
                                                "\\{",
                                                "{\"store\":true,\"conversation\":\"%s\","
                                                        .formatted(conversation)))
                        .text();

        var theirs = recording.body().replaceFirst("(?s).*?\"id\":\"([^\"]+)\".*", "$1");
        var ours = text.replaceFirst("(?s).*?\"id\":\"(chatcmpl-[^\"]+)\".*", "$1");
        assertThat(ours).isNotEqualTo(theirs);
        assertThat(alice.get("/v1/chat/completions/" + ours).status()).isEqualTo(200);
        assertThat(
                        text.replaceFirst(
                                        "\\{\"conversation\":\\{\"id\":\"%s\"},"
                                                .formatted(conversation),
                                        "{")
                                .replace(ours, theirs))
                .isEqualTo(recording.body());
        assertThat(vllm.asked()).isEqualTo(Json.parse(recording.request()));
    }

    /** To OpenAI's client for Java any error is one, even null. */
    @Test
    void anErrorThatIsNoneIsTakenOut() throws Exception {
        var recording = VllmRecording.of("chat-stream-usage");
        var body = recording.body().replace("{\"id\":", "{\"error\":null,\"id\":");
        vllm.play(
                new VllmRecording(
                        recording.request(),
                        recording.status(),
                        recording.path(),
                        recording.type(),
                        body));
        assertThat(ask(recording).text()).isEqualTo(recording.body());
    }

    /** A comment for each second, between events; nothing else is another. */
    @Test
    void silenceIsFilledWithComments() throws Exception {
        var recording = VllmRecording.of("chat-stream-usage");
        vllm.playSlowly(recording, Duration.ofMillis(1300));
        var text = ask(recording).text();
        assertThat(text).contains("\n\n:");
        assertThat(text.replaceAll("(?m)^:.*\n\n", "")).isEqualTo(recording.body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"chat-stream-usage", "chat-stream-tool-usage", "completion-stream-usage"})
    void aStreamThatIsCutOffAnywhereEndsWithAnError(String name) throws Exception {
        var recording = VllmRecording.of(name);
        int firstEvent = recording.body().indexOf("\n\n") + 2;
        int end = recording.body().indexOf("data: [DONE]");
        for (int at = firstEvent; at < end; at += 1 + recording.body().length() / 12) {
            vllm.play(recording, Integer.MAX_VALUE, at);
            var text = ask(recording).text();
            var whole =
                    recording.body().substring(0, recording.body().lastIndexOf("\n\n", at - 2) + 2);
            assertThat(text).as("cut at " + at).doesNotContain("[DONE]").endsWith("\n\n");
            assertThat(text)
                    .startsWith(whole + "data: {\"error\":{\"message\":\"The ")
                    .contains("\"code\":null");
        }
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "error-unknown-model, 503, -, -",
                "error-context, 400, -, max_tokens",
                "error-context-stream, 400, context_length_exceeded, messages",
                "error-parameter, 400, -, temperature",
                "error-embeddings, 503, -, -",
            })
    void errorsHaveOpenAisShape(String name, int status, String code, String param)
            throws Exception {
        var recording = VllmRecording.of(name);
        vllm.play(recording);
        // the requests that made vLLM say so would not have got as far
        var reply = ask(name.equals("error-embeddings") ? recording : VllmRecording.of("chat"));
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.error().path("code").textValue()).isEqualTo(code);
        assertThat(reply.error().path("param").textValue()).isEqualTo(param);
        assertThat(reply.error().path("type").isTextual()).isTrue();
        assertThat(reply.error()).hasSize(4);
    }

    private static TestingLlmApi.Reply ask(VllmRecording recording) throws Exception {
        return alice.post("/v1/" + recording.path(), recording.request().strip());
    }

    /** Ids and times are another in each recording. */
    private static String sameIds(String text) {
        return text.replaceAll("\"id\":\"[a-z-]+-[0-9a-f]{16}\"", "\"id\":\"\"")
                .replaceAll("\"created\":\\d+", "\"created\":0");
    }

    private static ServedModel model(String id) {
        return new ServedModel(id, VllmRecording.MODEL, OptionalInt.empty());
    }
}
