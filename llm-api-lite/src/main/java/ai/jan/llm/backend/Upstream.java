// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.backend;

import ai.jan.kit.http.ClientGone;
import ai.jan.kit.metrics.BackendMetrics;
import ai.jan.kit.metrics.BackendMetrics.Outcome;
import ai.jan.kit.metrics.BackendMetrics.State;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.kit.telemetry.Span;
import ai.jan.llm.content.SpanContent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks model servers. What fails before anything of an answer was passed on is asked of one other,
 * and never of the same one: a generation must not run twice. Thread-safe.
 */
public final class Upstream {
    private static final Logger log = LoggerFactory.getLogger(Upstream.class);
    private static final MediaType JSON = MediaType.get("application/json");
    private static final int ATTEMPTS = 2;
    private static final int IDLE_CONNECTIONS = 256;

    private final Models models;
    private final BackendMetrics metrics;
    private final Places places;
    private final SilenceWatch watch = new SilenceWatch();

    public Upstream(Models models, BackendMetrics metrics) {
        this.models = models;
        this.metrics = metrics;
        this.places = new Places(metrics);
        metrics.watch(this::states, places::waiting);
    }

    /**
     * The client for model servers. It sets no deadlines on writing and reading, which would wake a
     * thread for each request: whoever waits for a call does, and cancels it.
     */
    public static OkHttpClient client() {
        return new OkHttpClient.Builder()
                .socketFactory(new PromptSockets())
                .connectTimeout(Duration.ofSeconds(2))
                .writeTimeout(Duration.ZERO)
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
     * Asks the backend of a model that is the best choice now, and another one if that fails before
     * anything was passed on.
     *
     * @throws ApiProblem 404 if nobody offers the model, 503 if all who do are busy for too long,
     *     and whatever the model server refuses
     * @throws ClientGone as soon as the client has left; the model stops
     * @throws UpstreamFailure if the servers failed
     */
    public <T> T ask(Question question, Committed committed, Answer<T> answer)
            throws IOException, InterruptedException {
        var notes = question.exchange().notes();
        notes.asks(question.endpoint().operation(), question.model(), question.stream());
        var offers = models.offers(question.model());
        var failed = new HashSet<Backend>();
        while (true) {
            var offer = place(ordered(offers, failed, question), question);
            var name = offer.backend().config().name();
            var span = span(offer, question);
            var content = SpanContent.of(span);
            notes.backend(name, span);
            try (var call = call(offer, question, span, content)) {
                var result = answer.from(call);
                metrics.ended(name, Outcome.OK);
                return result;
            } catch (ApiProblem e) {
                metrics.ended(name, Outcome.REFUSED);
                span.fails(String.valueOf(e.status()));
                throw e;
            } catch (ClientGone e) {
                metrics.ended(name, Outcome.CLIENT_LEFT);
                span.fails("client_left");
                throw e;
            } catch (UpstreamFailure e) {
                metrics.ended(name, Outcome.FAILED);
                span.fails(String.valueOf(e.problem().status()));
                failed.add(offer.backend());
                if (committed.isCommitted()
                        || !e.isWorthAnother()
                        || failed.size() == Math.min(ATTEMPTS, offers.size())) {
                    throw e;
                }
                log.warn(
                        "{}: backend {}: {}; asking another",
                        question.exchange().requestId(),
                        name,
                        e.getMessage());
            } finally {
                notes.answered();
                if (content != null) {
                    content.end();
                }
                span.close();
                places.giveBack(offer);
            }
        }
    }

    private List<State> states() {
        return models.backends().stream()
                .map(backend ->
                        new State(
                                backend.config().name(),
                                backend.isUsable(),
                                backend.health().isOutOfOrder(),
                                backend.outstanding()))
                .toList();
    }

    private static List<Offer> ordered(List<Offer> offers, Set<Backend> failed, Question question) {
        return Order.of(
                offers.stream().filter(offer -> !failed.contains(offer.backend())).toList(),
                question.affinity());
    }

    private Offer place(List<Offer> ordered, Question question)
            throws ClientGone, InterruptedException {
        try (var _ = question.exchange().span().step("choose backend")) {
            return places.take(ordered, question);
        }
    }

    /** By OpenTelemetry's conventions for GenAI. */
    private static Span span(Offer offer, Question question) {
        var operation = question.endpoint().operation();
        var url = offer.backend().config().url();
        return question.exchange()
                .span()
                .call(operation + " " + question.model())
                .with("gen_ai.operation.name", operation)
                .with("gen_ai.provider.name", offer.backend().config().name())
                .with("gen_ai.request.model", question.model())
                .with("gen_ai.response.model", offer.model().upstreamId())
                .with("server.address", String.valueOf(url.getHost()))
                .with("server.port", url.getPort());
    }

    private UpstreamCall call(
            Offer offer, Question question, Span span, @Nullable SpanContent content) {
        var exchange = question.exchange();
        var body = question.body().apply(offer.model());
        if (content != null) {
            content.asked(new String(body, StandardCharsets.UTF_8));
        }
        var request =
                offer.backend()
                        .request(question.endpoint().path())
                        .post(RequestBody.create(body, JSON))
                        .header("User-Agent", "jan-server")
                        .header(
                                "Accept",
                                question.stream() ? "text/event-stream" : "application/json")
                        .header("X-Request-Id", exchange.requestId());
        if (question.stream()) {
            request.header("Accept-Encoding", "identity");
        }
        span.headers().forEach(request::header);
        var call = offer.backend().client().newCall(request.build());
        return new UpstreamCall(offer, question, call, content, watch);
    }
}
