// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.tool;

import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.Buffer;

/**
 * Asks servers that the operator named and that answer in JSON. Bounded in time and bytes;
 * redirects are not followed. Thread-safe.
 */
public final class JsonApi {
    private static final MediaType JSON = MediaType.get("application/json");
    private static final Duration CONNECT = Duration.ofSeconds(3);

    private final OkHttpClient client;
    private final int maxBytes;

    /** The server answered, but not with what was asked for. */
    public static final class Refused extends IOException {
        private final int status;

        Refused(int status) {
            super("answered with status " + status);
            this.status = status;
        }

        public int status() {
            return status;
        }

        /** Whether it did not like what it was asked, rather than who asked, or when. */
        public boolean isOfArguments() {
            return status == 400 || status == 413 || status == 422;
        }
    }

    /** The answer is larger than it may be. */
    public static final class TooLarge extends IOException {
        TooLarge(int maxBytes) {
            super("an answer larger than " + maxBytes + " bytes");
        }
    }

    /**
     * @param total how long one question may take
     * @param maxBytes of an answer
     */
    public JsonApi(Duration total, int maxBytes) {
        this.maxBytes = maxBytes;
        this.client =
                new OkHttpClient.Builder()
                        .connectTimeout(CONNECT)
                        .readTimeout(total)
                        .callTimeout(total)
                        .followRedirects(false)
                        .followSslRedirects(false)
                        .connectionPool(new ConnectionPool(8, 4, TimeUnit.SECONDS))
                        .build();
    }

    public static RequestBody body(JsonNode json) {
        return RequestBody.create(Json.bytes(json), JSON);
    }

    /**
     * Asks.
     *
     * @throws Refused if the status is not one of success
     * @throws TooLarge if the answer is
     * @throws IOException if the answer does not come, or is not JSON
     */
    public JsonNode ask(Request request) throws IOException {
        try (var response = client.newCall(request).execute()) {
            if (!response.isSuccessful()) {
                throw new Refused(response.code());
            }
            var bytes = new Buffer();
            var source = response.body().source();
            while (source.read(bytes, 8192) >= 0) {
                if (bytes.size() > maxBytes) {
                    throw new TooLarge(maxBytes);
                }
            }
            return Json.parse(bytes.readByteArray());
        }
    }
}
