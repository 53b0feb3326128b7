// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.backend;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.OkHttpClient;
import okhttp3.Request;

/** One model server, how busy we keep it and whether it works. Thread-safe. */
final class Backend {
    private final BackendConfig config;
    private final OkHttpClient client;
    private final AtomicInteger outstanding = new AtomicInteger();
    private final AtomicBoolean probing = new AtomicBoolean();
    private final Pulse pulse;
    private final Health health = new Health(System::nanoTime);

    Backend(BackendConfig config, OkHttpClient client) {
        this.config = config;
        this.client = client;
        var impatient = client.newBuilder().callTimeout(config.deadlines().probe()).build();
        this.pulse = new Pulse(() -> answers(impatient));
    }

    BackendConfig config() {
        return config;
    }

    OkHttpClient client() {
        return client;
    }

    Pulse pulse() {
        return pulse;
    }

    Health health() {
        return health;
    }

    /** Whether there is no reason to ask another one. */
    boolean isUsable() {
        return !health.isOutOfOrder() && !pulse.isLost();
    }

    /** How many requests it works on for us. */
    int outstanding() {
        return outstanding.get();
    }

    boolean hasRoom() {
        return outstanding.get() < config.capacity().requests();
    }

    /** How busy it would be with one request more, by its weight. */
    double load() {
        return (outstanding.get() + 1.0) / config.capacity().weight();
    }

    void callStarted() {
        outstanding.incrementAndGet();
    }

    void callEnded() {
        outstanding.decrementAndGet();
    }

    /** Finds out whether it lives; does not wait for it. */
    void probe() {
        if (probing.compareAndSet(false, true)) {
            Thread.ofVirtual()
                    .name("probe")
                    .start(() -> {
                        try {
                            health.probed(pulse.answers());
                        } finally {
                            probing.set(false);
                        }
                    });
        }
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
