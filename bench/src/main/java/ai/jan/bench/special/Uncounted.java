// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.special;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.regex.Pattern;

/**
 * How many requests jan-quota let pass without counting them, because its store did not answer in
 * time and the plan says so: those are above the limits by intent.
 *
 * @param metrics of the plugin server
 */
record Uncounted(URI metrics) {
    private static final Pattern ALLOWED =
            Pattern.compile(
                    "(?m)^jan_quota_decisions_total\\{([^}]*decision=\"store_down_allowed\"[^}]*)}"
                            + " ([0-9.Ee+]+)$");

    /** Since the plugin server was started. */
    long of(String plan) throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            var answer =
                    http.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IOException(metrics + " answers " + answer.statusCode());
            }
            return in(answer.body(), plan);
        }
    }

    static long in(String text, String plan) {
        return ALLOWED.matcher(text)
                .results()
                .filter(match -> match.group(1).contains("plan=\"" + plan + "\""))
                .mapToLong(match -> (long) Double.parseDouble(match.group(2)))
                .sum();
    }
}
