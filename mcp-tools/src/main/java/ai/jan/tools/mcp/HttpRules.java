// SPDX-License-Identifier: Apache-2.0
package ai.jan.tools.mcp;

import ai.jan.kit.http.Exchange;
import ai.jan.kit.problem.ApiProblem;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the specification asks of an HTTP request before its message is looked at: the host and
 * origin of a caller that may be a browser (DNS rebinding), the type of its body, a protocol
 * version we speak.
 *
 * @param hosts names this server is reached by, without a port
 * @param origins of browsers that may call it, such as {@code https://chat.example.com}; pages of
 *     this machine, on any port, may always
 */
public record HttpRules(Set<String> hosts, Set<String> origins) {
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final String JSON = "application/json";
    private static final String EVENTS = "text/event-stream";

    /** The form an answer takes. */
    enum Form {
        JSON,
        EVENTS
    }

    public HttpRules {
        hosts =
                hosts.stream()
                        .map(host -> host.toLowerCase(Locale.ROOT))
                        .collect(Collectors.toUnmodifiableSet());
        origins = Set.copyOf(origins);
    }

    /**
     * Checks where a request comes from, which is the first thing to know of it.
     *
     * @throws ApiProblem 403 if a page of somewhere else sent it
     */
    void checkSender(Exchange request) {
        if (!isOurs(request)) {
            throw forbidden("The host of the request is not one of this server's names.");
        }
        if (!isWelcome(request)) {
            throw forbidden("The origin of the request may not call this server.");
        }
    }

    /**
     * Checks the rest.
     *
     * @param versions of the protocol that are spoken here
     * @return the form in which its client wants the answer: JSON, unless it does not take that
     * @throws ApiProblem if it must be refused
     */
    Form check(Exchange request, List<String> versions) {
        if (!mediaType(request.header("Content-Type").orElse("")).equals(JSON)) {
            throw invalid(415, "The body must be of type application/json.");
        }
        request.header("MCP-Protocol-Version")
                .filter(version -> !versions.contains(version))
                .ifPresent(_ -> {
                    throw invalid(
                            400,
                            "This version of the protocol is not spoken here; these are: "
                                    + String.join(", ", versions));
                });
        return form(request);
    }

    private boolean isOurs(Exchange request) {
        var given = request.headers("Host");
        return given.size() == 1 && isName(withoutPort(given.getFirst()));
    }

    private static String withoutPort(String host) {
        return host.replaceFirst(":\\d{1,5}$", "").toLowerCase(Locale.ROOT);
    }

    private boolean isName(String host) {
        return THIS_MACHINE.contains(host) || hosts.contains(host);
    }

    private boolean isWelcome(Exchange request) {
        return request.headers("Origin").stream()
                .allMatch(origin -> origins.contains(origin) || isThisMachine(origin));
    }

    private static boolean isThisMachine(String origin) {
        try {
            var url = URI.create(origin);
            return url.getHost() != null
                    && ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
                    && THIS_MACHINE.contains(url.getHost().toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Form form(Exchange request) {
        var accepted =
                request.headers("Accept").stream()
                        .flatMap(value -> List.of(value.split(",", -1)).stream())
                        .map(HttpRules::mediaType)
                        .toList();
        if (accepted.isEmpty()
                || accepted.contains(JSON)
                || accepted.contains("*/*")
                || accepted.contains("application/*")) {
            return Form.JSON;
        }
        if (accepted.contains(EVENTS) || accepted.contains("text/*")) {
            return Form.EVENTS;
        }
        throw invalid(406, "Answers are of type application/json or text/event-stream.");
    }

    private static String mediaType(String value) {
        return value.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
    }

    private static ApiProblem forbidden(String message) {
        return invalid(403, message);
    }

    private static ApiProblem invalid(int status, String message) {
        return new ApiProblem(status, ApiProblem.INVALID_REQUEST, null, null, message);
    }
}
