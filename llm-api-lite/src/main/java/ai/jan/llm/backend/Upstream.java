// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.backend;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import okhttp3.ConnectionPool;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.RequestBody;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks model servers. A request that failed before it had any effect is tried once more. */
public final class Upstream {
    private static final Logger log = LoggerFactory.getLogger(Upstream.class);
    private static final MediaType JSON = MediaType.get("application/json");
    private static final int ATTEMPTS = 2;
    private static final int IDLE_CONNECTIONS = 256;

    private final Models models;
    private final OkHttpClient client;

    public Upstream(Models models, OkHttpClient client) {
        this.models = models;
        this.client = client;
    }

    /**
     * The client for model servers. It sets no deadline on reading: whoever waits for a call does,
     * and cancels it.
     */
    public static OkHttpClient client() {
        return new OkHttpClient.Builder()
                .connectTimeout(Duration.ofSeconds(2))
                .writeTimeout(Duration.ofSeconds(10))
                .readTimeout(Duration.ZERO)
                // A generation must not run twice because a connection was stale.
                .retryOnConnectionFailure(false)
                .followRedirects(false)
                .followSslRedirects(false)
                // Shorter than a model server keeps idle connections (uvicorn: 5 s).
                .connectionPool(new ConnectionPool(IDLE_CONNECTIONS, 4, TimeUnit.SECONDS))
                .build();
    }

    /** What is done with the answer of one call. */
    @FunctionalInterface
    public interface Answer<T> {
        /**
         * @param call closed when this returns
         */
        T from(UpstreamCall call) throws IOException, InterruptedException;
    }

    /** Whether anything of an answer was passed on, so that no other server may be asked. */
    @FunctionalInterface
    public interface Committed {
        boolean isCommitted();
    }

    /**
     * Asks the least busy backend of a model, and another one if that fails before anything was
     * passed on.
     *
     * @param body of the request, for a model by the name it has there
     */
    public <T> T ask(
            String model,
            String requestId,
            boolean stream,
            Function<ServedModel, byte[]> body,
            Committed committed,
            Answer<T> answer)
            throws IOException, InterruptedException {
        var candidates = models.candidates(model);
        for (int attempt = 0; ; attempt++) {
            var offer = candidates.get(attempt % candidates.size());
            try (var call = call(offer, requestId, stream, body.apply(offer.model()))) {
                return answer.from(call);
            } catch (UpstreamFailure e) {
                boolean again = e.isWorthAnother() && !committed.isCommitted();
                if (!again || attempt + 1 == Math.min(ATTEMPTS, candidates.size())) {
                    throw e;
                }
                log.warn(
                        "{}: backend {}: {}; asking another",
                        requestId,
                        offer.backend().config().name(),
                        e.getMessage());
            }
        }
    }

    private UpstreamCall call(Models.Offer offer, String requestId, boolean stream, byte[] body) {
        var request =
                offer.backend()
                        .request("/chat/completions")
                        .post(RequestBody.create(body, JSON))
                        .header("Accept", stream ? "text/event-stream" : "application/json")
                        .header("X-Request-Id", requestId);
        if (stream) {
            request.header("Accept-Encoding", "identity");
        }
        return new UpstreamCall(offer, stream, client.newCall(request.build()));
    }
}
