// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import ai.jan.kong.pdk.Phase;
import ai.jan.kong.testkit.EventOutcome;
import java.util.List;
import java.util.Optional;

/**
 * What became of a request. The methods that assert something throw {@link AssertionError} and give
 * the exchange back.
 *
 * @param response what the client gets
 * @param upstream what the service gets; empty if the request did not reach it
 * @param events each phase of each plugin, in order
 * @param log lines of {@code kong.log}, as {@code level: text}
 * @param failures what plugins threw
 */
public record SimulatedExchange(
        SimulatedResponse response,
        Optional<UpstreamRequest> upstream,
        List<EventTrace> events,
        List<String> log,
        List<Throwable> failures) {

    public SimulatedExchange hasStatus(int status) {
        return require(
                response.status() == status,
                "status " + response.status() + " instead of " + status);
    }

    public SimulatedExchange hasBody(String body) {
        return require(
                response.body().utf8().equals(body),
                "body " + response.body().utf8() + " instead of " + body);
    }

    /** The client gets exactly these values of a header. */
    public SimulatedExchange hasHeader(String name, String... values) {
        return requireHeader("the client", response.headers(), name, List.of(values));
    }

    /** The client gets no such header. */
    public SimulatedExchange hasNoHeader(String name) {
        return hasHeader(name);
    }

    public SimulatedExchange isForwarded() {
        return require(upstream.isPresent(), "the request did not reach the service");
    }

    public SimulatedExchange isNotForwarded() {
        return require(upstream.isEmpty(), "the request reached the service: " + upstream);
    }

    /** The service gets exactly these values of a header. */
    public SimulatedExchange upstreamHasHeader(String name, String... values) {
        isForwarded();
        return requireHeader(
                "the service", upstream.orElseThrow().headers(), name, List.of(values));
    }

    /** The service gets no such header. */
    public SimulatedExchange upstreamHasNoHeader(String name) {
        return upstreamHasHeader(name);
    }

    /** No plugin has thrown, and Kong has refused no call. */
    public SimulatedExchange hasNoFailures() {
        var failed =
                events.stream()
                        .filter(event -> event.outcome() instanceof EventOutcome.Failed)
                        .toList();
        return require(failures.isEmpty() && failed.isEmpty(), "failures " + failures + failed);
    }

    /** No event of any plugin waits for Kong more often than that. */
    public SimulatedExchange needsRoundTrips(int atMost) {
        var slow = events.stream().filter(event -> event.roundTrips() > atMost).toList();
        return require(slow.isEmpty(), "more than " + atMost + " round trips: " + slow);
    }

    /** How often a plugin waited for Kong in a phase; 0 if it did not run. */
    public int roundTrips(String plugin, Phase phase) {
        return events.stream()
                .filter(event -> event.plugin().equals(plugin) && event.phase() == phase)
                .mapToInt(EventTrace::roundTrips)
                .sum();
    }

    /** What a plugin called in a phase, in order; empty if it did not run. */
    public List<String> calls(String plugin, Phase phase) {
        return events.stream()
                .filter(event -> event.plugin().equals(plugin) && event.phase() == phase)
                .flatMap(event -> event.calls().stream())
                .toList();
    }

    private SimulatedExchange requireHeader(
            String who, HeaderLines headers, String name, List<String> values) {
        return require(
                headers.all(name).equals(values),
                who + " gets " + name + " " + headers.all(name) + " instead of " + values);
    }

    private SimulatedExchange require(boolean condition, String message) {
        if (!condition) {
            var error = new AssertionError(message);
            failures.forEach(error::addSuppressed);
            throw error;
        }
        return this;
    }
}
