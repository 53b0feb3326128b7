// SPDX-License-Identifier: Apache-2.0
package ai.jan.plugins.keycloak;

import ai.jan.kit.json.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import okhttp3.FormBody;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * HTTP to Keycloak, every wait and every answer bounded: so many requests at a time, so long each,
 * so many bytes. What is no proper answer is {@link KeycloakUnavailable}. Thread-safe.
 */
final class KeycloakHttp {
    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final int AT_A_TIME = 64;
    private static final int MAX_BYTES = 256 * 1024;

    private final OkHttpClient http;
    private final Semaphore permits = new Semaphore(AT_A_TIME);

    /**
     * @param http that follows no redirects
     */
    KeycloakHttp(OkHttpClient http) {
        this.http =
                http.newBuilder()
                        .readTimeout(LONGEST)
                        .writeTimeout(LONGEST)
                        .callTimeout(LONGEST)
                        .build();
    }

    /**
     * An answer that is a success or says what is wrong with the request.
     *
     * @param body missing if there is none
     */
    record Answer(int status, JsonNode body, @Nullable String location) {
        boolean isSuccess() {
            return status >= 200 && status < 300;
        }

        /** OAuth's error code (RFC 6749 5.2), or an empty text. */
        String error() {
            return body.path("error").asText("");
        }
    }

    Answer post(HttpUrl url, Map<String, String> form, Deadline deadline) {
        var fields = new FormBody.Builder();
        form.forEach(fields::add);
        return send(new Request.Builder().url(url).post(fields.build()).build(), deadline);
    }

    /**
     * @throws KeycloakUnavailable if it is not answered in time, or with 5xx or garbage
     */
    Answer send(Request request, Deadline deadline) {
        if (!permits.tryAcquire()) {
            throw new KeycloakUnavailable(AT_A_TIME + " requests are waiting for it already");
        }
        try {
            var call = http.newCall(request);
            var left = deadline.left();
            call.timeout()
                    .timeout(
                            (left.compareTo(LONGEST) < 0 ? left : LONGEST).toNanos(),
                            TimeUnit.NANOSECONDS);
            try (var response = call.execute()) {
                return answer(request, response);
            }
        } catch (InterruptedIOException e) {
            throw new KeycloakUnavailable(what(request) + " was not answered in time", e);
        } catch (IOException e) {
            throw new KeycloakUnavailable(what(request) + " failed: " + e.getClass(), e);
        } finally {
            permits.release();
        }
    }

    private static Answer answer(Request request, Response response) throws IOException {
        var bytes = response.body().byteStream().readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
            throw new KeycloakUnavailable(what(request) + ": the answer is too long");
        }
        if (response.code() < 200 || (response.code() >= 300 && response.code() < 400)) {
            throw new KeycloakUnavailable(what(request) + " was answered " + response.code());
        }
        if (response.code() >= 500 || response.code() == 429) {
            throw new KeycloakUnavailable(what(request) + " was answered " + response.code());
        }
        return new Answer(response.code(), json(request, bytes), response.header("Location"));
    }

    private static JsonNode json(Request request, byte[] bytes) {
        if (bytes.length == 0) {
            return MissingNode.getInstance();
        }
        try {
            return Json.parse(bytes);
        } catch (JsonProcessingException e) {
            throw new KeycloakUnavailable(what(request) + ": the answer is no JSON");
        }
    }

    /** For the log: without what identifies people. */
    private static String what(Request request) {
        return request.method() + " " + request.url().encodedPath();
    }
}
