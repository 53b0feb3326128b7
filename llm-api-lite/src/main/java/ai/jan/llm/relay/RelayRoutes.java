// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.relay;

import ai.jan.kit.http.Exchange;
import ai.jan.kit.identity.Identity;
import ai.jan.llm.backend.Endpoint;
import ai.jan.llm.backend.Models;
import ai.jan.llm.backend.Question;
import ai.jan.llm.backend.Upstream;
import ai.jan.llm.quota.Metered;
import ai.jan.llm.quota.Quota;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;

/** What is passed on without being kept: {@code /v1/completions} and {@code /v1/embeddings}. */
public final class RelayRoutes {
    private final Models models;
    private final Upstream upstream;
    private final Quota quota;

    public RelayRoutes(Models models, Upstream upstream, Quota quota) {
        this.models = models;
        this.upstream = upstream;
        this.quota = quota;
    }

    public void complete(Exchange exchange, Identity caller)
            throws IOException, InterruptedException {
        try (var meter = quota.meter(exchange, caller)) {
            var request = read(exchange, RelayedRequest::completion);
            relay(exchange, caller, meter, Endpoint.COMPLETIONS, request);
        }
    }

    public void embed(Exchange exchange, Identity caller) throws IOException, InterruptedException {
        try (var meter = quota.meter(exchange, caller)) {
            var request = read(exchange, RelayedRequest::embedding);
            relay(exchange, caller, meter, Endpoint.EMBEDDINGS, request);
        }
    }

    private static RelayedRequest read(Exchange exchange, Function<byte[], RelayedRequest> form)
            throws IOException {
        try (var _ = exchange.span().step("validate")) {
            return form.apply(exchange.body());
        }
    }

    private void relay(
            Exchange exchange,
            Identity caller,
            Metered meter,
            Endpoint endpoint,
            RelayedRequest request)
            throws IOException, InterruptedException {
        var wanted = models.wanted(request.model(), caller.grant());
        var changes = Changes.of(wanted.name(), request.options().showsUsage());
        var question =
                new Question(
                        exchange,
                        endpoint,
                        wanted.id(),
                        request.stream(),
                        Optional.empty(),
                        served -> {
                            meter.asked();
                            return request.forwarded(served);
                        });
        var tally = new Tally(exchange.notes());
        try {
            if (request.stream()) {
                stream(question, changes, meter, tally);
            } else {
                answer(question, changes, meter, tally);
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            tally.report(meter, e);
            throw e;
        }
    }

    private void stream(Question question, Changes changes, Metered meter, Tally tally)
            throws IOException, InterruptedException {
        var client = new StreamRelay(question.exchange(), changes, tally::add);
        upstream.ask(
                question,
                client::isCommitted,
                call -> {
                    client.relay(call);
                    return true;
                });
        tally.report(meter);
        client.end();
    }

    private void answer(Question question, Changes changes, Metered meter, Tally tally)
            throws IOException, InterruptedException {
        var list = question.endpoint() == Endpoint.EMBEDDINGS ? "data" : "choices";
        var answer =
                upstream.ask(
                        question,
                        () -> false,
                        call -> WholeAnswer.await(question.exchange(), call, list));
        tally.add(answer.json());
        tally.report(meter);
        answer.send(question.exchange(), changes);
    }
}
