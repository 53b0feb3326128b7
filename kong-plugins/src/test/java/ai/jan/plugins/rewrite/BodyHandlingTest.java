// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kong.pdk.Bytes;
import ai.jan.kong.testkit.simulated.SimulatedRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** T12: no body goes on that was not looked at, however it comes. */
class BodyHandlingTest {
    private static final String CONFIG =
            """
            {"aliases": [{"name": "fast", "targets": [{"model": "qwen"}]}],
             "plans": {"*": {"models": ["fast"], "max_output_tokens": 64}},
             "guard": [{"pattern": "forbidden"}], "max_body_bytes": 2097152}
            """;

    private final TestingRewrite rewrite = new TestingRewrite(CONFIG);

    /** A chat of exactly that many bytes. */
    private static String chat(int length, String text) {
        var start = "{\"model\":\"fast\",\"messages\":[{\"role\":\"user\",\"content\":\"" + text;
        var end = "\"}],\"max_tokens\":999}";
        return start + "x".repeat(length - start.length() - end.length()) + end;
    }

    private static SimulatedRequest post(String body) {
        return SimulatedRequest.post(TestingRewrite.CHAT, body);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 16_383, 16_384, 16_385, 1_048_576, 2_097_152})
    void t12BodiesOfAnySizeAreChecked(int length) throws Exception {
        for (int buffer : new int[] {8192, 8 * 1024 * 1024}) {
            var kong = new TestingRewrite(CONFIG, buffer);
            var expected = chat(length, "").replace("\"fast\"", "\"qwen\"").replace("999}", "64}");
            var plain = post(chat(length, ""));
            assertThat(kong.send(plain).body()).isEqualTo(expected);
            assertThat(kong.send(plain.withBodyInFile()).body()).isEqualTo(expected);
            assertThat(kong.send(plain.withChunkedBody(Bytes.utf8(chat(length, "")))).body())
                    .isEqualTo(expected);
            assertThat(kong.send(gzip(plain, chat(length, ""))).body()).isEqualTo(expected);
            for (var request :
                    new SimulatedRequest[] {
                        post(chat(length, "forbidden")),
                        post(chat(length, "forbidden")).withBodyInFile(),
                        plain.withChunkedBody(Bytes.utf8(chat(length, "forbidden"))),
                        gzip(plain, chat(length, "forbidden"))
                    }) {
                assertThat(kong.send(request).code()).isEqualTo("content_policy_violation");
            }
        }
    }

    @Test
    void t12LargerBodiesAreRefused() throws Exception {
        var tooLarge = chat(2_097_153, "");
        assertThat(rewrite.send(post(tooLarge)).status()).isEqualTo(413);
        assertThat(rewrite.send(post(tooLarge).withBodyInFile()).code())
                .isEqualTo("request_too_large");
        assertThat(rewrite.send(gzip(post(""), tooLarge)).status()).isEqualTo(413);
    }

    @Test
    void t12CompressedBodiesGoOnDecompressed() throws Exception {
        var result = rewrite.send(gzip(post(""), "{\"model\":\"fast\",\"messages\":[]}"));
        result.exchange().upstreamHasNoHeader("Content-Encoding");
        result.exchange().upstreamHasHeader("Content-Length", "" + result.body().length());
        var open = new TestingRewrite("{}");
        var same = open.send(gzip(post(""), "{\"model\":\"m\",\"messages\":[]}"));
        assertThat(same.body()).isEqualTo("{\"model\":\"m\",\"messages\":[]}");
        same.exchange().upstreamHasNoHeader("Content-Encoding");
    }

    @Test
    void t12OtherEncodingsAreRefused() throws Exception {
        for (var coding : new String[] {"br", "deflate", "zstd", "gzip, gzip", "compress", "x"}) {
            var refused = rewrite.send(post("{}").withHeader("Content-Encoding", coding));
            assertThat(refused.status()).isEqualTo(415);
            refused.exchange().hasHeader("Accept-Encoding", "gzip");
        }
        var twice =
                post("{}")
                        .withHeader("Content-Encoding", "gzip")
                        .withHeader("Content-Encoding", "gzip");
        assertThat(rewrite.send(twice).status()).isEqualTo(415);
        assertThat(rewrite.send(post("{}").withHeader("Content-Encoding", "gzip")).status())
                .isEqualTo(400);
        assertThat(
                        rewrite.send(
                                        post("{\"model\":\"fast\",\"messages\":[]}")
                                                .withHeader("Content-Encoding", "identity"))
                                .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "text/plain",
                "application/json; charset=utf-16",
                "application/json; charset=iso-8859-1",
                "application/jsonp",
                "application/json, text/plain",
                ""
            })
    void t12OtherTypesAreRefused(String type) {
        var body = "{\"model\":\"fast\",\"messages\":[]}";
        var request =
                SimulatedRequest.of("POST", TestingRewrite.CHAT)
                        .withHeader("Content-Type", type)
                        .withBody(Bytes.utf8(body));
        assertThat(rewrite.send(request).status()).isEqualTo(415);
        assertThat(rewrite.send(post(body).withHeader("Content-Type", type)).status())
                .isEqualTo(415);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "Application/JSON; charset=UTF-8",
                "application/json;charset=\"utf-8\""
            })
    void jsonMayBeNamedInItsOwnWays(String type) {
        var request =
                SimulatedRequest.of("POST", TestingRewrite.CHAT)
                        .withHeader("Content-Type", type)
                        .withBody(Bytes.utf8("{\"model\":\"fast\",\"messages\":[]}"));
        assertThat(rewrite.send(request).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/chat/completions/",
                "/v1//chat/completions",
                "/v1/chat//completions",
                "/v1/Chat/Completions",
                "/v1/chat/completions;x=1",
                "/v1/chat;x/completions",
                "/llm/v1/responses/",
                "/v1/EMBEDDINGS",
                "/v1/chat/./completions",
                "/v1/x/../chat/completions",
                "/v1/chat/%63ompletions"
            })
    void t12NoSpellingOfAPathIsUnchecked(String path) {
        var result = rewrite.post(path, "{\"model\":\"gpt\",\"messages\":[],\"input\":\"\"}");
        assertThat(result.status()).isBetween(400, 404);
        result.exchange().isNotForwarded();
    }

    @Test
    void bothPrefixesAreTheSame() {
        for (var prefix : new String[] {"", "/llm"}) {
            assertThat(
                            rewrite.post(
                                            prefix + "/v1/chat/completions",
                                            "{\"model\":\"fast\",\"messages\":[]}")
                                    .body())
                    .contains("\"qwen\"");
        }
    }

    @Test
    void otherRoutesPassAsTheyAre() {
        for (var path : new String[] {"/v1/chat/completions/chatcmpl-1", "/v1/projects", "/x"}) {
            var result = rewrite.post(path, "{\"model\":\"x\",\"model\":1} not JSON");
            assertThat(result.body()).isEqualTo("{\"model\":\"x\",\"model\":1} not JSON");
            assertThat(result.summary().kind()).hasToString("OTHER");
        }
        assertThat(rewrite.send(SimulatedRequest.get("/v1/chat/completions")).summary().kind())
                .hasToString("OTHER");
    }

    private static SimulatedRequest gzip(SimulatedRequest request, String body) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(body.getBytes(StandardCharsets.UTF_8));
        }
        return request.withHeader("Content-Encoding", "gzip")
                .withBody(Bytes.of(bytes.toByteArray()));
    }
}
