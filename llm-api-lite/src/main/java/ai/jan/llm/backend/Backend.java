// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.backend;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.OkHttpClient;
import okhttp3.Request;

/** One model server, and how busy we keep it. Thread-safe. */
final class Backend {
    private final BackendConfig config;
    private final AtomicInteger outstanding = new AtomicInteger();
    private final Pulse pulse;

    Backend(BackendConfig config, OkHttpClient client) {
        this.config = config;
        var impatient = client.newBuilder().callTimeout(config.deadlines().probe()).build();
        this.pulse = new Pulse(() -> answers(impatient));
    }

    BackendConfig config() {
        return config;
    }

    Pulse pulse() {
        return pulse;
    }

    int outstanding() {
        return outstanding.get();
    }

    void callStarted() {
        outstanding.incrementAndGet();
    }

    void callEnded() {
        outstanding.decrementAndGet();
    }

    /** A request to this server, with our key if it wants one. */
    Request.Builder request(String path) {
        var request = new Request.Builder().url(config.url() + path);
        config.apiKey().ifPresent(key -> request.header("Authorization", "Bearer " + key.reveal()));
        return request;
    }

    /** Any answer will do: the process is alive and reads its socket. */
    private boolean answers(OkHttpClient impatient) {
        try (var answer = impatient.newCall(request("/models").build()).execute()) {
            return answer.code() > 0;
        } catch (IOException e) {
            return false;
        }
    }
}
