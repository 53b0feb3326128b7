// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.golden;

import ai.jan.gateway.TestingUpstream;
import ai.jan.kit.json.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Compares what was observed with what was recorded; notes each difference. */
final class Comparison {
    private static final List<String> RESPONSE =
            List.of(
                    "status",
                    "interim",
                    "aborted",
                    "framing",
                    "incomplete",
                    "closed_after",
                    "tunnel_hex",
                    "http09");

    private final Normaliser normaliser;
    private final List<String> differences = new ArrayList<>();

    Comparison(Normaliser normaliser) {
        this.normaliser = normaliser;
    }

    List<String> differences() {
        return differences;
    }

    /** How often which upstream was asked, and which status came. */
    static final class Counts {
        private final Map<String, Integer> upstreams = new TreeMap<>();
        private final Map<String, Integer> statuses = new TreeMap<>();

        void upstream(String name) {
            upstreams.merge(name, 1, Integer::sum);
        }

        void status(String status) {
            statuses.merge(status, 1, Integer::sum);
        }
    }

    /**
     * @param ring whether the upstream depends on the ports, which are other ones here
     */
    void counts(JsonNode recorded, Counts counts, boolean ring) {
        var wanted = recorded.get("upstream_counts");
        if (ring) {
            check("upstreams", wanted.size(), counts.upstreams.size());
        } else {
            check("upstream_counts", wanted.toString(), Json.text(counts.upstreams));
        }
        check(
                "status_counts",
                recorded.get("status_counts").toString(),
                Json.text(counts.statuses));
    }

    void step(JsonNode recorded, GoldenClient.Observed observed, List<TestingUpstream.Seen> seen) {
        response(recorded, observed.response());
        if (recorded.has("upstream_saw")) {
            upstreams(recorded, seen);
        }
        for (var limit : recorded.path("timing").properties()) {
            timing(limit, observed, seen);
        }
    }

    private void response(JsonNode recorded, JsonNode got) {
        var expected = recorded.path("response");
        for (var key : RESPONSE) {
            check("response " + key, expected.path(key).asText(), got.path(key).asText());
        }
        var body = got.path("body");
        var text = body.isTextual() ? normaliser.text(body.asText()) : body.toString();
        boolean isVolatile =
                expected.path("body_volatile").asBoolean()
                        || (body.isTextual() && !text.equals(body.asText()));
        if (!recorded.path("ignore_body").asBoolean()) {
            var wanted = expected.path("body");
            check("response body", wanted.isTextual() ? wanted.asText() : wanted.toString(), text);
        }
        var ignored = names(recorded.path("ignore_headers"));
        if (isVolatile) {
            ignored.add("content-length");
        }
        headers("response", expected.path("headers"), got.path("headers"), ignored);
    }

    private void upstreams(JsonNode recorded, List<TestingUpstream.Seen> seen) {
        var saw = recorded.get("upstream_saw");
        var expected = new ArrayList<JsonNode>();
        if (saw.isArray()) {
            saw.forEach(expected::add);
        } else if (saw.isObject()) {
            expected.add(saw);
        }
        check("requests of the upstream", expected.size(), seen.size());
        for (int i = 0; i < Math.min(expected.size(), seen.size()); i++) {
            var want = expected.get(i);
            var got = seen.get(i);
            check("upstream", want.path("upstream").asText(), got.upstream());
            check("upstream method", want.path("method").asText(), got.method());
            check("upstream target", want.path("target").asText(), normaliser.text(got.target()));
            check("upstream version", want.path("version").asText(), got.version());
            check("upstream framing", want.path("framing").asText(), got.framing());
            var body = GoldenClient.describe(got.body());
            check(
                    "upstream body",
                    want.path("body").toString(),
                    body.isTextual() ? Json.text(normaliser.text(body.asText())) : body.toString());
            headers(
                    "upstream",
                    want.path("headers"),
                    GoldenClient.lines(got.headers()),
                    names(recorded.path("ignore_upstream_headers")));
        }
    }

    private void timing(
            Map.Entry<String, JsonNode> limit,
            GoldenClient.Observed observed,
            List<TestingUpstream.Seen> seen) {
        long got =
                switch (limit.getKey()) {
                    case "upstream_saw_disconnect_ms" ->
                            seen.isEmpty() ? -1 : seen.getLast().goneMillis().get();
                    case "upstream_body_complete_ms" -> Long.MIN_VALUE; // covered by other tests
                    default -> observed.timing().path(limit.getKey()).asLong(-1);
                };
        boolean fits =
                got >= limit.getValue().get(0).asLong()
                        && got <= limit.getValue().get(1).asLong() + 1000; // a busy machine
        if (got != Long.MIN_VALUE && !fits) {
            differences.add(
                    "timing %s: expected %s ms, got %d"
                            .formatted(limit.getKey(), limit.getValue(), got));
        }
    }

    private void headers(String where, JsonNode expected, JsonNode got, Set<String> ignored) {
        var want = byName(expected);
        var have = byName(normaliser.headers(got));
        var all = new TreeSet<>(want.keySet());
        all.addAll(have.keySet());
        all.removeAll(ignored);
        for (var name : all) {
            check(
                    where + " header " + name,
                    want.getOrDefault(name, List.of()),
                    have.getOrDefault(name, List.of()));
        }
    }

    private static Map<String, List<String>> byName(JsonNode headers) {
        var byName = new TreeMap<String, List<String>>();
        for (var header : headers) {
            byName.computeIfAbsent(
                            header.get(0).asText().toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
                    .add(header.get(1).asText());
        }
        return byName;
    }

    private static Set<String> names(JsonNode list) {
        var names = new TreeSet<String>();
        list.forEach(name -> names.add(name.asText().toLowerCase(Locale.ROOT)));
        return names;
    }

    private void check(String what, Object expected, Object got) {
        if (!expected.equals(got) && !equalJson(expected.toString(), got.toString())) {
            differences.add("%s: expected %s, got %s".formatted(what, expected, got));
        }
    }

    private static boolean equalJson(String a, String b) {
        try {
            return a.startsWith("{") && Json.parse(a).equals(Json.parse(b));
        } catch (JsonProcessingException e) {
            return false;
        }
    }
}
