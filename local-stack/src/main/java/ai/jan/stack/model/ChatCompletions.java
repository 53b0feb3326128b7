// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.model;

import ai.jan.kit.http.Exchange;
import ai.jan.kit.http.Route;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.stack.model.Answering.Step;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** POST /v1/chat/completions, whole or as a stream; generating ends when the client leaves. */
final class ChatCompletions implements Route {
    private static final Duration HEARTBEAT = Duration.ofSeconds(1);
    private static final Duration SILENCE = Duration.ofMinutes(2);
    private static final Duration QUEUE = Duration.ofSeconds(60);
    private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.UTF_8);

    private final Engine engine;
    private final Semaphore slots;

    ChatCompletions(Engine engine) {
        this.engine = engine;
        this.slots = new Semaphore(engine.slots(), true);
    }

    @Override
    public void handle(Exchange exchange) throws IOException, InterruptedException {
        var request = ChatRequest.of(exchange.jsonObject());
        if (!request.model().equals(engine.model())) {
            throw ApiProblem.notFound(
                    "model_not_found",
                    "model",
                    "The model '" + request.model() + "' does not exist here.");
        }
        if (!slots.tryAcquire(QUEUE.toSeconds(), TimeUnit.SECONDS)) {
            throw ApiProblem.unavailable(null, "The model is busy.").header("Retry-After", "10");
        }
        try (var answering =
                new Answering(
                        () -> engine.begin(request.messages(), request.sampling()),
                        new StopStrings(request.stop()))) {
            var completion = new Completion(engine.model(), request.includeUsage());
            if (request.stream()) {
                stream(exchange, answering, completion, request.includeUsage());
            } else {
                whole(exchange, answering, completion);
            }
        } finally {
            slots.release();
        }
    }

    private static void whole(Exchange exchange, Answering answering, Completion completion)
            throws IOException, InterruptedException {
        var text = new StringBuilder();
        while (true) {
            switch (answering.next(SILENCE)) {
                case null -> throw stuck();
                case Step.Piece(var piece) -> text.append(piece);
                case Step.Failed(var cause) -> throw cause;
                case Step.End end -> {
                    exchange.send(200, completion.whole(text.toString(), end));
                    return;
                }
            }
        }
    }

    private static void stream(
            Exchange exchange, Answering answering, Completion completion, boolean includeUsage)
            throws IOException, InterruptedException {
        // The first step is awaited before the answer begins, so that a refusal has its status.
        var step = answering.next(SILENCE);
        switch (step) {
            case null -> throw stuck();
            case Step.Failed(var cause) -> throw cause;
            case Step.Piece _, Step.End _ -> {}
        }
        var events = exchange.openEventStream();
        events.data(completion.first());
        for (; ; step = answering.next(HEARTBEAT)) {
            switch (step) {
                case null -> events.heartbeat(); // the way to learn that the client has left
                case Step.Piece(var piece) -> events.data(completion.piece(piece));
                case Step.Failed(var cause) -> throw cause;
                case Step.End end -> {
                    events.data(completion.last(end.finishReason()));
                    if (includeUsage) {
                        events.data(completion.usage(end));
                    }
                    events.data(DONE);
                    return;
                }
            }
        }
    }

    private static ApiProblem stuck() {
        return ApiProblem.unavailable(null, "The model does not answer.");
    }
}
