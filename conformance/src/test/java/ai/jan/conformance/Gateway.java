// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.kit.json.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;

/** A plain HTTP client of the gateway, for what an SDK hides. */
final class Gateway {
    /** The longest any answer may take while something is broken (architecture, failure matrix). */
    static final Duration BOUND = Duration.ofSeconds(15);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI url;

    Gateway(URI url) {
        this.url = url;
    }

    /**
     * @param challenge the header {@code WWW-Authenticate}
     * @param body a text if it is no JSON
     */
    record Reply(
            int status,
            String contentType,
            String challenge,
            JsonNode body,
            HttpHeaders headers,
            Duration took) {
        /** An error as OpenAI clients expect it, and nothing of a stack trace or an HTML page. */
        Reply isOpenAiError(int expected) {
            assertThat(status).as(body.toString()).isEqualTo(expected);
            assertThat(contentType).startsWith("application/json");
            var error = body.path("error");
            assertThat(error.path("message").asText()).isNotBlank();
            assertThat(error.path("type").isTextual()).isTrue();
            assertThat(error.has("param")).isTrue();
            assertThat(error.has("code")).isTrue();
            assertThat(error.path("code").isNumber()).isFalse();
            assertThat(body.toString()).doesNotContain("Exception", "\\tat ", "<html");
            return this;
        }

        /** The status of an answer that came in time and, if it is an error, in that shape. */
        int checkedStatus() {
            assertThat(took).isLessThan(BOUND);
            return status < 400 ? status : isOpenAiError(status).status;
        }

        /** The only cookie of that name, as it was set; flags and all. */
        String cookie(String name) {
            var cookies =
                    headers.allValues("Set-Cookie").stream()
                            .filter(cookie -> cookie.startsWith(name + "="))
                            .toList();
            assertThat(cookies).as(name).hasSize(1);
            return cookies.getFirst();
        }

        String code() {
            return body.path("error").path("code").asText(null);
        }
    }

    Reply get(String path, String... headers) throws IOException, InterruptedException {
        return send(request(path, headers).GET());
    }

    Reply post(String path, String body, String... headers)
            throws IOException, InterruptedException {
        return send(
                request(path, headers)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    Reply delete(String path, String... headers) throws IOException, InterruptedException {
        return send(request(path, headers).DELETE());
    }

    Reply send(String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        return send(
                request(path, headers)
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    /**
     * Asks for the models until a credential is answered in another way.
     *
     * @param from the only answer there may be until then
     */
    void awaitChange(String credential, int from, int to, Duration patience)
            throws IOException, InterruptedException {
        var deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            var reply = get("/v1/models", "Authorization", "Bearer " + credential);
            if (reply.checkedStatus() == to) {
                return;
            }
            assertThat(reply.status()).as(reply.body().toString()).isEqualTo(from);
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            Thread.sleep(50);
        }
    }

    private HttpRequest.Builder request(String path, String... headers) {
        for (int i = 0; i < headers.length; i += 2) {
            if (Set.of("authorization", "x-api-key", "apikey", "cookie")
                    .contains(headers[i].toLowerCase(Locale.ROOT))) {
                Canaries.remember("credential", headers[i + 1]);
            }
        }
        var request = HttpRequest.newBuilder(url.resolve(path)).timeout(BOUND);
        return headers.length == 0 ? request : request.headers(headers);
    }

    private Reply send(HttpRequest.Builder request) throws IOException, InterruptedException {
        var start = System.nanoTime();
        var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Reply(
                answer.statusCode(),
                answer.headers().firstValue("Content-Type").orElse(""),
                answer.headers().firstValue("WWW-Authenticate").orElse(""),
                body(answer),
                answer.headers(),
                Duration.ofNanos(System.nanoTime() - start));
    }

    private static JsonNode body(HttpResponse<String> answer) {
        try {
            return Json.parse(answer.body());
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(answer.body());
        }
    }
}
