// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.golden;

import ai.jan.kit.json.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Puts places in for what differs from run to run, as the recordings have it. */
final class Normaliser {
    private static final Pattern UUID =
            Pattern.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern HEX32 =
            Pattern.compile("(?<![0-9a-fA-F])[0-9a-f]{32}(?![0-9a-fA-F])");
    private static final Pattern HEX16 =
            Pattern.compile("(?<![0-9a-fA-F])[0-9a-f]{16}(?![0-9a-fA-F])");
    private static final Pattern VERSION =
            Pattern.compile("\\bkong/[0-9]+\\.[0-9]+\\.[0-9]+[\\w.-]*");
    private static final Pattern TRACKER =
            Pattern.compile("\\d+\\.\\d+\\.\\d+\\.\\d+-\\d+-\\d+-\\d+-\\d+-[\\d.]+");
    private static final Set<String> NUMBERS =
            Set.of(
                    "x-kong-upstream-latency",
                    "x-kong-proxy-latency",
                    "x-kong-response-latency",
                    "ratelimit-reset",
                    "retry-after",
                    "age");
    private static final String UPSTREAM_DATE = "Mon, 02 Jan 2023 00:00:00 GMT";

    private final String known;
    private final int port;
    private final int tlsPort;
    private final GoldenUpstreams upstreams;

    /**
     * @param known configuration and requests: what stands in them is kept
     */
    Normaliser(String known, int port, int tlsPort, GoldenUpstreams upstreams) {
        this.known = known;
        this.port = port;
        this.tlsPort = tlsPort;
        this.upstreams = upstreams;
    }

    String text(String text) {
        var result = VERSION.matcher(text).replaceAll("kong/<version>");
        result = place(UUID, result, "<uuid>");
        result = place(HEX32, result, "<hex32>");
        result = place(HEX16, result, "<hex16>");
        result = GoldenUpstreams.replace(result, port, "<gwport>");
        result = GoldenUpstreams.replace(result, tlsPort, "<tlsport>");
        return upstreams.incoming(result);
    }

    private String place(Pattern pattern, String text, String place) {
        return pattern.matcher(text)
                .replaceAll(match -> known.contains(match.group()) ? match.group() : place);
    }

    JsonNode headers(JsonNode headers) {
        var result = Json.array();
        for (var header : headers) {
            var name = header.get(0).asText();
            result.addArray().add(name).add(header(name, header.get(1).asText()));
        }
        return result;
    }

    private String header(String name, String value) {
        var lower = name.toLowerCase(Locale.ROOT);
        if (lower.equals("date") && !known.contains(value) && !value.equals(UPSTREAM_DATE)) {
            return "<date>";
        }
        if (NUMBERS.contains(lower) && value.matches("\\d+")) {
            return "<int>";
        }
        if (TRACKER.matcher(value).matches()) {
            return "<tracker>";
        }
        return text(value).replaceAll("^<uuid>#\\d+$", "<uuid>#<int>");
    }
}
