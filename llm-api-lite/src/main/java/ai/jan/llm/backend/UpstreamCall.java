// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.backend;

import ai.jan.kit.http.ClientGone;
import ai.jan.kit.http.Exchange;
import ai.jan.kit.http.Presence;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.llm.content.SpanContent;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import okhttp3.Call;
import okhttp3.Response;
import okio.BufferedSource;
import okio.ByteString;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request to one model server. Whoever asks reads the answer step by step, and so no faster
 * than the client does: a client that reads slowly slows the model. While the model is silent,
 * something else may be done on another thread, never at the same time. When the client leaves, or
 * this is closed, the connection is closed, and the model stops. Used by one thread.
 */
public final class UpstreamCall implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(UpstreamCall.class);
    private static final String DONE = "[DONE]";
    private static final Duration SILENCE = Duration.ofSeconds(1);
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
    }

    /** What is done for a client while the model server says nothing. */
    @FunctionalInterface
    public interface Silence {
        /**
         * @throws IOException ends the call
         */
        void endure() throws IOException;
    }

    private final Offer offer;
    private final Exchange exchange;
    private final boolean stream;
    private final Call call;
    private final @Nullable SpanContent content;
    private final Presence client;
    private final SilenceWatch watch;

    /**
     * Held by whoever asked, but not while it waits for a step; then by what is done in a silence.
     * It guards all below.
     */
    private final ReentrantLock turn = new ReentrantLock();

    private Silence silence = () -> {};
    private @Nullable Response response;
    private @Nullable EventReader events;
    private @Nullable IOException verdict;
    private boolean accepted;
    private boolean heardToken;
    private long lastToken = System.nanoTime();
    private boolean closed;

    private volatile long lastStep = System.nanoTime();

    /**
     * All that matters has come. To cancel the call now could close a connection that the next
     * request already has.
     */
    private boolean complete;

    /**
     * @param content reads along, if it may
     */
    UpstreamCall(
            Offer offer,
            Question question,
            Call call,
            @Nullable SpanContent content,
            SilenceWatch watch) {
        this.offer = offer;
        this.exchange = question.exchange();
        this.stream = question.stream();
        this.call = call;
        this.content = content;
        this.client = exchange.client();
        this.watch = watch;
        turn.lock();
        watch.add(this);
        client.whenGone(this::cancel);
    }

    /** What the model is called there. */
    public ServedModel model() {
        return offer.model();
    }

    /** Has something done after each second without a step, once the request is accepted. */
    public void whenSilent(Silence action) {
        silence = action;
    }

    /**
     * Waits for the next step.
     *
     * @throws ClientGone if the client has left
     * @throws ApiProblem if the server refused the request
     * @throws UpstreamFailure if it failed, hangs, or lets a deadline pass
     * @throws IOException what was thrown in a silence
     */
    public Step next() throws IOException, InterruptedException {
        try {
            var step = awaited();
            client.check();
            return step;
        } catch (ClientGone | UpstreamFailure e) {
            throw e;
        } catch (IOException e) {
            client.check();
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            throw verdict != null ? verdict : failed(UpstreamFailure.broken(e, response != null));
        }
    }

    private Step awaited() throws IOException {
        if (events != null) {
            return ofStream(events);
        }
        if (response != null) {
            return ofWhole(response);
        }
        response = unlocked(call::execute);
        return head(response);
    }

    @Override
    public void close() {
        closed = true;
        watch.remove(this);
        client.forget();
        cancel();
        if (response != null) {
            end(response);
        }
        turn.unlock();
    }

    /** What may still come behind the end is dropped; nobody waits for it. */
    private void end(Response answer) {
        if (stream && complete) {
            Thread.ofVirtual().name("upstream-end").start(answer::close);
        } else {
            answer.close();
        }
    }

    /** Stops the model; whoever waits for it wakes, and finds out why. */
    private void cancel() {
        synchronized (call) {
            if (!complete) {
                call.cancel();
            }
        }
    }

    private void complete() {
        synchronized (call) {
            complete = true;
        }
    }

    /** Called by the watch. */
    void look(long now) {
        if (now - lastStep >= SILENCE.toNanos()) {
            lastStep = now;
            Thread.ofVirtual().name("silence").start(this::endure);
        }
    }

    private void endure() {
        if (!turn.tryLock()) {
            return; // whoever asked does not wait for the model
        }
        try {
            if (!closed) {
                checkDeadlines();
                if (accepted) {
                    silence.endure();
                }
            }
        } catch (IOException e) {
            verdict = e;
            cancel();
        } catch (RuntimeException e) {
            log.error("{}: a silence was not endured", exchange.requestId(), e);
            verdict = UpstreamFailure.garbage("a fault of ours");
            cancel();
        } finally {
            turn.unlock();
        }
    }

    private void checkDeadlines() throws UpstreamFailure {
        var waited = Duration.ofNanos(System.nanoTime() - lastToken);
        var deadlines = offer.backend().config().deadlines();
        var deadline =
                !stream
                        ? deadlines.answer()
                        : heardToken ? deadlines.betweenTokens() : deadlines.firstToken();
        if (waited.compareTo(deadline) >= 0) {
            throw UpstreamFailure.late();
        }
        if (waited.compareTo(deadlines.probe().multipliedBy(SUSPICIOUS_SILENCE)) >= 0) {
            if (offer.backend().pulse().isLost()) {
                throw failed(UpstreamFailure.lost());
            }
            offer.backend().pulse().feel();
        }
    }

    private UpstreamFailure failed(UpstreamFailure failure) {
        offer.backend().health().failed();
        return failure;
    }

    /** A head or a comment shows that the server lives, but is not what its deadline is about. */
    private void heard(boolean token) {
        if (token) {
            lastToken = lastStep;
            heardToken = true;
        }
        offer.backend().pulse().felt();
        offer.backend().health().succeeded();
    }

    private Step head(Response answer) throws IOException {
        if (!answer.isSuccessful()) {
            var why = unlocked(() -> answer.peekBody(MAX_ERROR).bytes());
            complete();
            var problem = Refusals.of(answer.code(), why, answer.header("Retry-After"));
            if (problem.status() >= 500) {
                throw failed(UpstreamFailure.unable(problem));
            }
            throw problem;
        }
        if (stream) {
            var type = answer.header("Content-Type", "");
            if (type == null || !type.startsWith("text/event-stream")) {
                throw failed(UpstreamFailure.garbage("not an event stream"));
            }
            events = new EventReader(answer.body().source());
        }
        accepted = true;
        heard(false);
        return new Step.Head(PassedHeaders.of(answer.headers()));
    }

    private Step ofStream(EventReader reader) throws IOException {
        var next = unlocked(() -> Optional.ofNullable(reader.next()));
        if (next.isEmpty()) {
            complete();
            heard(false);
            return new Step.End();
        }
        var event = next.get();
        heard(event.data().isPresent());
        if (event.data().isPresent()) {
            if (event.data().get().equals(DONE)) {
                complete();
            }
            if (content != null) {
                content.heard(event.data().get());
            }
        }
        return new Step.Event(event);
    }

    private Step ofWhole(Response answer) throws IOException {
        var bytes = unlocked(() -> whole(answer.body().source()));
        complete();
        heard(false);
        if (content != null) {
            content.heard(bytes.utf8());
        }
        return new Step.Body(bytes);
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

    /** What waits for the server. */
    @FunctionalInterface
    private interface Wait<T> {
        T run() throws IOException;
    }

    private <T> T unlocked(Wait<T> wait) throws IOException {
        turn.unlock();
        try {
            return wait.run();
        } finally {
            turn.lock();
            lastStep = System.nanoTime();
        }
    }
}
