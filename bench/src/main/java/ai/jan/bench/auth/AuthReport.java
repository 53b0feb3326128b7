// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.auth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs {@link AuthBenchmark} and writes which of the aims its medians meet. */
public final class AuthReport {
    private record Aim(String benchmark, String what, double microseconds) {}

    private static final List<Aim> AIMS =
            List.of(
                    new Aim("apiKey", "an API key used before", 60),
                    new Aim("knownToken", "an access token verified before", 150),
                    new Aim("newToken", "an access token seen for the first time, RS256", 500));

    private AuthReport() {}

    /** Writes to the folder {@code BENCH_OUT}; ends with 1 if an aim is missed. */
    public static void main(String[] arguments) throws RunnerException, IOException {
        var results =
                new Runner(
                                new OptionsBuilder()
                                        .include(AuthBenchmark.class.getName())
                                        .shouldFailOnError(true)
                                        .build())
                        .run();
        var environment = System.getenv();
        var page = Path.of(environment.getOrDefault("BENCH_OUT", "docs/benchmarks"), "auth.md");
        var circumstances = environment.getOrDefault("BENCH_CIRCUMSTANCES", "unknown");
        Files.writeString(page, page(results, circumstances));
        var missed = AIMS.stream().filter(aim -> median(results, aim) > aim.microseconds()).count();
        System.exit(missed == 0 ? 0 : 1);
    }

    private static String page(Collection<RunResult> results, String circumstances) {
        var rows = new StringBuilder();
        for (var aim : AIMS) {
            var seen = result(results, aim).getPrimaryResult().getStatistics();
            rows.append(
                    String.format(
                            Locale.ROOT,
                            "| %s | %.0f | **%.1f** | %.1f | %.1f | %s |%n",
                            aim.what(),
                            aim.microseconds(),
                            seen.getPercentile(50),
                            seen.getPercentile(99),
                            seen.getMean(),
                            seen.getPercentile(50) <= aim.microseconds() ? "met" : "**missed**"));
        }
        return """
        # What jan-auth costs

        Written by `make bench-auth`, in one run: %s. The machine is shared and noisy.

        The access phase of jan-auth as `kong.yml` configures it, with the headers of OpenAI's client for Python, on one thread (JMH, mode sample):
        reading the request, verifying the credential, signing the identity, saying what is to be set. Not in it: the socket and Kong, which a plugin
        event costs anyway ([the plugin kit](pdk.md)), and the look for a revocation, which is one in memory. That the event costs one round trip to Kong
        is asserted by `PluginProcessIT`.

        | what | aim µs | median µs | 99 %% µs | mean µs | |
        |---|---|---|---|---|---|
        %s
        """
                .formatted(circumstances, rows);
    }

    private static double median(Collection<RunResult> results, Aim aim) {
        return result(results, aim).getPrimaryResult().getStatistics().getPercentile(50);
    }

    private static RunResult result(Collection<RunResult> results, Aim aim) {
        return Objects.requireNonNull(
                results.stream()
                        .filter(one -> one.getPrimaryResult().getLabel().equals(aim.benchmark()))
                        .findFirst()
                        .orElse(null),
                aim.benchmark());
    }
}
