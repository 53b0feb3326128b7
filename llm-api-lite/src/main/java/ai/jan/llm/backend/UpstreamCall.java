// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.backend;

import ai.jan.kit.http.ClientGone;
import ai.jan.kit.http.Exchange;
import ai.jan.kit.http.Presence;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.llm.content.SpanContent;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Response;
import okio.BufferedSource;
import okio.ByteString;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request to one model server. A thread of its own pulls the answer; whoever asked waits for it
 * step by step and is free to do something between. The queue between them is short, so that a
 * client that reads slowly slows the model. When the client leaves, or this is closed, the
 * connection is closed, and the model stops. Used by one thread.
 */
public final class UpstreamCall implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(UpstreamCall.class);
    private static final String DONE = "[DONE]";
    private static final int STEPS_IN_FLIGHT = 64;
    private static final int BYTES_IN_FLIGHT = 256 * 1024;
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

        /** Nobody waits for the answer any more. */
        record Left() implements Step {}
    }

    private final Offer offer;
    private final Exchange exchange;
    private final boolean stream;
    private final Call call;
    private final @Nullable SpanContent content;
    private final Presence client;
    private final Thread reader;
    private final BlockingQueue<Step> steps = new ArrayBlockingQueue<>(STEPS_IN_FLIGHT);
    private final Semaphore room = new Semaphore(BYTES_IN_FLIGHT);
    private long lastHeard = System.nanoTime();
    private boolean heardToken;
    private volatile boolean connected;

    /**
     * Nothing more is to come, and the reader ends by itself. To cancel the call now could close a
     * connection that the next request already has.
     */
    private volatile boolean ending;

    /**
     * @param content reads along, if it may
     */
    UpstreamCall(Offer offer, Question question, Call call, @Nullable SpanContent content) {
        this.offer = offer;
        this.exchange = question.exchange();
        this.stream = question.stream();
        this.call = call;
        this.content = content;
        this.client = exchange.client();
        this.reader = Thread.ofVirtual().name("upstream").start(this::read);
        client.whenGone(this::leave);
    }

    /** What the model is called there. */
    public ServedModel model() {
        return offer.model();
    }

    /**
     * Waits for the next step.
     *
     * @return null if nothing came for so long
     * @throws ClientGone if the client has left
     * @throws ApiProblem if the server refused the request
     * @throws UpstreamFailure if it failed, hangs, or lets a deadline pass
     */
    public @Nullable Step next(Duration atMost)
            throws ClientGone, UpstreamFailure, InterruptedException {
        var step = steps.poll(atMost.toMillis(), TimeUnit.MILLISECONDS);
        client.check();
        switch (step) {
            case null -> checkSilence();
            case Step.Refused(var problem) -> throw problem;
            case Step.Failed(var failure) -> throw failed(failure);
            case Step.Event(var event) -> {
                room.release(size(event));
                heard(event.data().isPresent());
                if (content != null && event.data().isPresent()) {
                    content.heard(event.data().get());
                }
            }
            case Step.Body(var bytes) -> {
                heard(false);
                if (content != null) {
                    content.heard(bytes.utf8());
                }
            }
            case Step.Head _, Step.End _ -> heard(false);
            case Step.Left _ -> throw new IllegalStateException("the client is there");
        }
        return step;
    }

    @Override
    public void close() {
        client.forget();
        if (ending) {
            steps.clear(); // the reader may wait for room
        } else {
            call.cancel();
            reader.interrupt();
        }
    }

    /** Stops the model first, then wakes whoever waits for it; the latter finds out why. */
    private void leave() {
        if (!ending) {
            call.cancel();
        }
        var _ = steps.offer(new Step.Left()); // if it is full, nobody waits
    }

    private UpstreamFailure failed(UpstreamFailure failure) {
        offer.backend().health().failed();
        return failure;
    }

    /** A head or a comment shows that the server lives, but is not what its deadline is about. */
    private void heard(boolean token) {
        if (token) {
            lastHeard = System.nanoTime();
            heardToken = true;
        }
        offer.backend().pulse().felt();
        offer.backend().health().succeeded();
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
                throw failed(UpstreamFailure.lost());
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
                end(new Step.Failed(UpstreamFailure.broken(e, connected)));
            } catch (ApiProblem e) {
                end(new Step.Refused(e));
            } catch (RuntimeException e) {
                if (!call.isCanceled()) {
                    log.error("reading from a model server failed", e);
                    end(new Step.Failed(UpstreamFailure.garbage("a fault of ours")));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody waits any more
        }
    }

    private void end(Step last) throws InterruptedException {
        ending = true;
        steps.put(last);
    }

    private void pass(Response response) throws IOException, InterruptedException {
        if (!response.isSuccessful()) {
            var problem =
                    Refusals.of(
                            response.code(),
                            response.peekBody(MAX_ERROR).bytes(),
                            response.header("Retry-After"));
            end(
                    problem.status() >= 500
                            ? new Step.Failed(UpstreamFailure.unable(problem))
                            : new Step.Refused(problem));
            return;
        }
        steps.put(new Step.Head(PassedHeaders.of(response.headers())));
        if (stream) {
            passEvents(response);
        } else {
            end(new Step.Body(whole(response.body().source())));
        }
        end(new Step.End());
    }

    private void passEvents(Response response) throws IOException, InterruptedException {
        var type = response.header("Content-Type", "");
        if (type == null || !type.startsWith("text/event-stream")) {
            end(new Step.Failed(UpstreamFailure.garbage("not an event stream")));
            return;
        }
        var events = new EventReader(response.body().source());
        for (SseEvent event; (event = events.next()) != null; ) {
            room.acquire(size(event));
            if (event.data().filter(DONE::equals).isPresent()) {
                end(new Step.Event(event)); // what comes behind it is dropped when it is closed
                return;
            }
            steps.put(new Step.Event(event));
        }
    }

    private ByteString whole(BufferedSource body) throws IOException {
        long held = 0;
        while (body.request(held + 1)) {
            long size = body.getBuffer().size();
            if (size > MAX_ANSWER) {
                throw new IOException("the answer is larger than " + MAX_ANSWER + " bytes");
            }
            exchange.hold(size - held);
            held = size;
        }
        return body.readByteString();
    }

    private static int size(SseEvent event) {
        return Math.min(event.bytes().size(), BYTES_IN_FLIGHT);
    }
}
