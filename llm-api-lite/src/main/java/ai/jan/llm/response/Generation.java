// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.response;

import ai.jan.kit.json.Json;
import ai.jan.kit.problem.ApiProblem;
import ai.jan.llm.backend.Upstream;
import ai.jan.llm.backend.UpstreamCall;
import ai.jan.llm.backend.UpstreamCall.Step;
import ai.jan.llm.backend.UpstreamFailure;
import ai.jan.llm.relay.WholeAnswer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.function.UnaryOperator;

/** Asks a model server for the answer to a request for a response. Thread-safe. */
final class Generation {
    private static final String DONE = "[DONE]";

    private final Upstream upstream;

    Generation(Upstream upstream) {
        this.upstream = upstream;
    }

    /**
     * Has an answer made, event by event. The client's 200 is sent with the first event of the
     * model server, or after a second of silence: a server that fails at once gets a proper status.
     */
    void stream(Task task, ResponseObject response, StreamedEvents events, ResponseOutput output)
            throws IOException, InterruptedException {
        var question =
                task.question(
                        true,
                        name -> Json.bytes(ChatBody.of(task.request(), name, task.messages())));
        try {
            upstream.ask(
                    question,
                    output::saidSomething,
                    call -> {
                        relay(task, call, response, events, output);
                        return true;
                    });
        } catch (ApiProblem e) {
            throw inOurTerms(e);
        }
    }

    /**
     * Has an answer made and waits for all of it: a chat completion.
     *
     * @param change to what the model server is asked
     */
    ObjectNode whole(Task task, UnaryOperator<ObjectNode> change)
            throws IOException, InterruptedException {
        var question =
                task.question(
                        false,
                        name ->
                                Json.bytes(
                                        change.apply(
                                                ChatBody.of(
                                                        task.request(), name, task.messages()))));
        try {
            var answer =
                    upstream.ask(
                            question,
                            () -> false,
                            call -> WholeAnswer.await(task.exchange(), call, "choices"));
            task.tally().add(answer.json());
            return answer.json();
        } catch (ApiProblem e) {
            throw inOurTerms(e);
        }
    }

    private static void relay(
            Task task,
            UpstreamCall call,
            ResponseObject response,
            StreamedEvents events,
            ResponseOutput output)
            throws IOException, InterruptedException {
        call.whenSilent(() -> {
            events.open(response.inProgress());
            events.heartbeat();
        });
        while (true) {
            switch (call.next()) {
                case Step.Head(var headers) -> {
                    if (!events.isOpen()) {
                        headers.applyTo(task.exchange());
                    }
                }
                case Step.Event(var event) -> {
                    if (event.data().filter(DONE::equals).isPresent()) {
                        return;
                    }
                    if (event.data().isPresent()) {
                        var chunk = Chunks.parse(event.data().get());
                        events.open(response.inProgress());
                        task.tally().add(chunk);
                        output.add(chunk);
                    }
                }
                case Step.End() -> throw UpstreamFailure.cutOff();
                case Step.Body _ -> throw new IllegalStateException("not a step of a stream");
            }
        }
    }

    /** Chats have messages, responses have input. */
    private static ApiProblem inOurTerms(ApiProblem problem) {
        return "messages".equals(problem.param())
                ? new ApiProblem(
                        problem.status(),
                        problem.type(),
                        problem.code(),
                        "input",
                        String.valueOf(problem.getMessage()))
                : problem;
    }
}
