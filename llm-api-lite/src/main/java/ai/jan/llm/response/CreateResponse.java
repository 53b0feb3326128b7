// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.response;

import ai.jan.database.Database;
import ai.jan.kit.http.ClientGone;
import ai.jan.kit.http.Exchange;
import ai.jan.kit.identity.Identity;
import ai.jan.kit.json.Json;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.llm.backend.Models;
import ai.jan.llm.backend.Upstream;
import ai.jan.llm.conversation.ConversationItems;
import ai.jan.llm.conversation.ConversationWriter;
import ai.jan.llm.conversation.Conversations;
import ai.jan.llm.quota.Metered;
import ai.jan.llm.quota.Quota;
import ai.jan.llm.relay.Tally;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /v1/responses}: has a model server that speaks chat completions answer, and tells it
 * as a response. What went in and came out is kept together when the answer has ended: whole, or
 * the part there is when the client left or the server failed after it had begun.
 */
public final class CreateResponse {
    private static final Logger log = LoggerFactory.getLogger(CreateResponse.class);

    private final Models models;
    private final Generation generation;
    private final ResponseTurns turns;
    private final Quota quota;
    private final Function<Throwable, ApiProblem> problems;

    /**
     * @param problems what a client is told when something this service needs does not work
     */
    public CreateResponse(
            Models models,
            Upstream upstream,
            Database database,
            Responses responses,
            Conversations conversations,
            ConversationWriter writer,
            ConversationItems items,
            Quota quota,
            Function<Throwable, ApiProblem> problems) {
        this.models = models;
        this.generation = new Generation(upstream);
        this.turns = new ResponseTurns(database, responses, conversations, writer, items);
        this.quota = quota;
        this.problems = problems;
    }

    public void create(Exchange exchange, Identity caller)
            throws IOException, InterruptedException {
        try (var meter = quota.meter(exchange, caller)) {
            var request = read(exchange);
            try (var turn = begin(exchange, caller, request)) {
                make(
                        task(exchange, caller, turn, meter),
                        request.stream() ? this::stream : this::answer);
            }
        }
    }

    /**
     * {@code POST /v1/responses/input_tokens}. Model servers count only what they read: one token
     * is generated and thrown away.
     */
    public void inputTokens(Exchange exchange, Identity caller)
            throws IOException, InterruptedException {
        try (var meter = quota.meter(exchange, caller)) {
            var request = read(exchange, "stream", "stream_options");
            try (var turn = look(exchange, caller, request)) {
                make(task(exchange, caller, turn, meter), this::count);
            }
        }
    }

    private static ResponseRequest read(Exchange exchange, String... without) throws IOException {
        try (var _ = exchange.span().step("validate")) {
            var body = exchange.jsonObject();
            body.remove(List.of(without));
            return ResponseRequest.read(body);
        }
    }

    private ResponseTurn begin(Exchange exchange, Identity caller, ResponseRequest request) {
        try (var _ = exchange.span().step("load history")) {
            return turns.begin(caller.subject(), request);
        }
    }

    private ResponseTurn look(Exchange exchange, Identity caller, ResponseRequest request) {
        try (var _ = exchange.span().step("load history")) {
            return turns.look(caller.subject(), request);
        }
    }

    /** What the model is to read; there must be quota for it. */
    private Task task(Exchange exchange, Identity caller, ResponseTurn turn, Metered meter) {
        var wanted = models.wanted(turn.request().model(), caller.grant());
        var prompt = Prompt.of(turn, models.context(wanted.id()));
        meter.addPrompt(prompt.unforeseen());
        return new Task(
                exchange, turn, wanted, prompt.messages(), meter, new Tally(exchange.notes()));
    }

    /** What is done with a task. */
    @FunctionalInterface
    private interface Making {
        void make(Task task) throws IOException, InterruptedException;
    }

    /** Whatever becomes of a task, what the model used is told to the meter. */
    private static void make(Task task, Making making) throws IOException, InterruptedException {
        try {
            making.make(task);
        } catch (IOException | InterruptedException | RuntimeException e) {
            task.tally().report(task.meter(), e);
            throw e;
        }
    }

    private void count(Task task) throws IOException, InterruptedException {
        var answer = generation.whole(task, body -> body.put("max_completion_tokens", 1));
        task.tally().report(task.meter());
        task.exchange()
                .send(
                        200,
                        Json.object()
                                .put("object", "response.input_tokens")
                                .put("input_tokens", answer.at("/usage/prompt_tokens").asLong()));
    }

    private void answer(Task task) throws IOException, InterruptedException {
        var response = new ResponseObject(task.request(), task.wanted().name());
        var output = new ResponseOutput(Events.UNHEARD);
        output.addWhole(generation.whole(task, UnaryOperator.identity()));
        output.complete();
        task.tally().report(task.meter());
        var ended = response.ended(output);
        task.finish(ended, output);
        task.exchange().send(200, ended);
    }

    private void stream(Task task) throws IOException, InterruptedException {
        var response = new ResponseObject(task.request(), task.wanted().name());
        var events = new StreamedEvents(task.exchange());
        var output = new ResponseOutput(events);
        try {
            generation.stream(task, response, events, output);
            output.complete();
        } catch (ClientGone | InterruptedException e) {
            if (output.saidSomething()) {
                keepPart(task, response.cancelled(output.items()), output);
            }
            throw e;
        } catch (IOException | RuntimeException e) {
            if (!events.isOpen()) {
                throw e;
            }
            task.tally().report(task.meter(), e);
            var failed = response.failed(problem(task, e), output.items());
            if (output.saidSomething() || task.turn().lease().isEmpty()) {
                keepPart(task, failed, output);
            }
            events.emit("response.failed", Json.object().set("response", failed));
            return;
        }
        task.tally().report(task.meter());
        end(task, response, events, output);
    }

    /** Nobody is told that an answer is complete before it is kept. */
    private void end(
            Task task, ResponseObject response, StreamedEvents events, ResponseOutput output)
            throws ClientGone {
        var ended = response.ended(output);
        try {
            task.finish(ended, output);
        } catch (RuntimeException e) {
            events.error(problem(task, e));
            return;
        }
        events.emit(
                output.incompleteReason() == null ? "response.completed" : "response.incomplete",
                Json.object().set("response", ended));
    }

    /** The failure itself is told by whoever calls; here only what there is is kept. */
    private static void keepPart(Task task, ObjectNode response, ResponseOutput output) {
        boolean interrupted = Thread.interrupted(); // or the database would refuse to wait
        try {
            task.finish(response, output);
        } catch (RuntimeException e) {
            log.warn(
                    "{}: the part of the answer could not be kept", task.exchange().requestId(), e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A failure after the first byte is told within the stream, and must be logged here. */
    private ApiProblem problem(Task task, Exception failure) {
        var id = task.exchange().requestId();
        var problem = failure instanceof ApiProblem known ? known : problems.apply(failure);
        if (problem.status() == 500) {
            log.error("{}: failed", id, failure);
        } else {
            log.warn("{}: {} {}", id, problem.status(), problem.getMessage());
        }
        task.exchange().notes().failed(problem.status());
        return problem;
    }
}
