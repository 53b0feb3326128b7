// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.report;

import ai.jan.kit.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What scenarios have shown, in the order of the page.
 *
 * @param results of those that were measured
 * @param notMeasured those that could not be
 */
public record Results(List<Result> results, List<NotMeasured> notMeasured) {
    /** A scenario that ended before it had a result. */
    public record NotMeasured(String name, String why) {}

    public Results {
        results = List.copyOf(results);
        notMeasured = List.copyOf(notMeasured);
    }

    /** As {@link #write} has written them; nothing where there is no file. */
    public static Results read(Path file) throws IOException {
        return Files.exists(file)
                ? Json.read(Files.readAllBytes(file), Results.class)
                : new Results(List.of(), List.of());
    }

    /** For programs, and a line for each value so that changes can be read. */
    public void write(Path file) throws IOException {
        Files.writeString(file, Json.parse(Json.bytes(this)).toPrettyString() + "\n");
    }

    /**
     * These, and the other's where these have none of that scenario.
     *
     * @param order the names of all scenarios there are; others are forgotten
     */
    public Results over(Results other, List<String> order) {
        var known = results.stream().map(Result::name).toList();
        var all =
                Stream.concat(
                                results.stream(),
                                other.results.stream()
                                        .filter(result -> !known.contains(result.name())))
                        .toList();
        return new Results(
                order.stream()
                        .flatMap(name -> all.stream().filter(each -> each.name().equals(name)))
                        .toList(),
                notMeasured);
    }

    /** Whether every scenario was measured and nothing failed that should not. */
    public boolean isSound() {
        return notMeasured.isEmpty()
                && results.stream().allMatch(result -> result.unexpectedFailures() == 0);
    }
}
