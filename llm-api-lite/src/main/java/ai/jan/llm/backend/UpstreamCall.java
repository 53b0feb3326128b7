// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.backend;

import ai.jan.kit.problem.ApiProblem;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Response;
import okio.ByteString;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request to one model server. A thread of its own pulls the answer; whoever asked waits for it
 * step by step and is free to do something between, such as seeing whether the client is still
 * there. The queue between them is short, so that a client that reads slowly slows the model.
 * Closing it closes the connection, and the model stops. Used by one thread.
 */
public final class UpstreamCall implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(UpstreamCall.class);
    private static final int STEPS_IN_FLIGHT = 64;
    private static final int SUSPICIOUS_SILENCE = 2; // times as long as a probe may take
    private static final long MAX_ERROR = 64L * 1024;
    private static final long MAX_ANSWER = 64L * 1024 * 1024;

    /** What comes from a model server. */
    public sealed interface Step {
        /** It accepted the request. */
        record Head(PassedHeaders headers) implements Step {}

        record Event(SseEvent event) implements Step {}

        /** A whole answer that is not streamed. */
        record Body(ByteString bytes) implements Step {}

        record End() implements Step {}

        record Refused(ApiProblem problem) implements Step {}

        record Failed(UpstreamFailure failure) implements Step {}
    }

    private final Models.Offer offer;
    private final boolean stream;
    private final Call call;
    private final Thread reader;
    private final BlockingQueue<Step> steps = new ArrayBlockingQueue<>(STEPS_IN_FLIGHT);
    private long lastHeard = System.nanoTime();
    private boolean heardToken;
    private volatile boolean connected;

    UpstreamCall(Models.Offer offer, boolean stream, Call call) {
        this.offer = offer;
        this.stream = stream;
        this.call = call;
        this.reader = Thread.ofVirtual().name("upstream").unstarted(this::read);
        offer.backend().callStarted();
        reader.start();
    }

    /** What the model is called there. */
    public ServedModel model() {
        return offer.model();
    }

    /**
     * Waits for the next step.
     *
     * @return null if nothing came for so long
     * @throws ApiProblem if the server refused the request
     * @throws UpstreamFailure if it failed, hangs, or lets a deadline pass
     */
    public @Nullable Step next(Duration atMost) throws UpstreamFailure, InterruptedException {
        var step = steps.poll(atMost.toMillis(), TimeUnit.MILLISECONDS);
        switch (step) {
            case null -> checkSilence();
            case Step.Refused(var problem) -> throw problem;
            case Step.Failed(var failure) -> throw failure;
            case Step.Event(var event) -> heard(event.data().isPresent());
            case Step.Head _, Step.Body _, Step.End _ -> heard(false);
        }
        return step;
    }

    @Override
    public void close() {
        call.cancel();
        reader.interrupt();
        offer.backend().callEnded();
    }

    /** A head or a comment shows that the server lives, but is not what its deadline is about. */
    private void heard(boolean token) {
        if (token) {
            lastHeard = System.nanoTime();
            heardToken = true;
        }
        offer.backend().pulse().felt();
    }

    private void checkSilence() throws UpstreamFailure {
        var silence = Duration.ofNanos(System.nanoTime() - lastHeard);
        var deadlines = offer.backend().config().deadlines();
        var deadline =
                !stream
                        ? deadlines.answer()
                        : heardToken ? deadlines.betweenTokens() : deadlines.firstToken();
        if (silence.compareTo(deadline) >= 0) {
            throw UpstreamFailure.late();
        }
        if (silence.compareTo(deadlines.probe().multipliedBy(SUSPICIOUS_SILENCE)) >= 0) {
            if (offer.backend().pulse().isLost()) {
                throw UpstreamFailure.lost();
            }
            offer.backend().pulse().feel();
        }
    }

    private void read() {
        try {
            try (var response = call.execute()) {
                connected = true;
                pass(response);
            } catch (IOException e) {
                steps.put(new Step.Failed(UpstreamFailure.broken(e, connected)));
            } catch (RuntimeException e) {
                log.error("reading from a model server failed", e);
                steps.put(new Step.Failed(UpstreamFailure.garbage("a fault of ours")));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody waits any more
        }
    }

    private void pass(Response response) throws IOException, InterruptedException {
        if (!response.isSuccessful()) {
            steps.put(
                    new Step.Refused(
                            Refusals.of(
                                    response.code(),
                                    response.peekBody(MAX_ERROR).bytes(),
                                    response.header("Retry-After"))));
            return;
        }
        steps.put(new Step.Head(PassedHeaders.of(response.headers())));
        if (stream) {
            passEvents(response);
        } else {
            var body = response.body().source();
            if (body.request(MAX_ANSWER + 1)) {
                throw new IOException("the answer is larger than " + MAX_ANSWER + " bytes");
            }
            steps.put(new Step.Body(body.readByteString()));
        }
        steps.put(new Step.End());
    }

    private void passEvents(Response response) throws IOException, InterruptedException {
        var type = response.header("Content-Type", "");
        if (type == null || !type.startsWith("text/event-stream")) {
            steps.put(new Step.Failed(UpstreamFailure.garbage("not an event stream")));
            return;
        }
        var events = new EventReader(response.body().source());
        for (SseEvent event; (event = events.next()) != null; ) {
            steps.put(new Step.Event(event));
        }
    }
}
