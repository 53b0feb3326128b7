// SPDX-License-Identifier: Apache-2.0
package ai.jan.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What a process exposed to Prometheus at one moment.
 *
 * @param types of the metrics, by name; also of those that have no value yet
 * @param labels of those that have one
 * @param series the names of all values, those of histograms with their ends
 */
record Scrape(
        String text,
        Map<String, String> types,
        Map<String, Set<String>> labels,
        Set<String> series) {
    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
    private static final Pattern SAMPLE = Pattern.compile("(\\w+)(?:\\{(.*)})? \\S+");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"[^\"]*\",?");
    private static final Pattern ENDS = Pattern.compile("_(bucket|sum|count)$");

    static Scrape of(URI url) throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(url).timeout(Duration.ofSeconds(20)).build();
            var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(url.toString()).isEqualTo(200);
            return of(answer.body());
        }
    }

    static Scrape of(String text) {
        var types = new TreeMap<String, String>();
        var labels = new TreeMap<String, Set<String>>();
        var series = new TreeSet<String>();
        for (var line : text.split("\n")) {
            var type = TYPE.matcher(line);
            if (type.matches()) {
                types.put(type.group(1), type.group(2));
            } else if (!line.startsWith("#")) {
                var sample = SAMPLE.matcher(line);
                assertThat(sample.matches()).as(line).isTrue();
                series.add(sample.group(1));
                var metric = metric(sample.group(1), types);
                var names = labels.computeIfAbsent(metric, _ -> new TreeSet<>());
                if (sample.group(2) != null) {
                    LABEL.matcher(sample.group(2))
                            .results()
                            .forEach(label -> names.add(label.group(1)));
                }
                if ("histogram".equals(types.get(metric))) {
                    names.remove("le");
                }
            }
        }
        return new Scrape(text, types, labels, series);
    }

    private static String metric(String series, Map<String, String> types) {
        return types.containsKey(series) ? series : ENDS.matcher(series).replaceFirst("");
    }
}
