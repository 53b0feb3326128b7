// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Histogram;
import java.time.Duration;

/**
 * What models generate, by the names that <a
 * href="https://github.com/open-telemetry/semantic-conventions-genai">OpenTelemetry's conventions
 * for GenAI</a> give it, as Prometheus spells them:
 *
 * <ul>
 *   <li>{@code gen_ai_server_request_duration_seconds{…,error_type}}: from the request to the end
 *       of the answer; the type of an error is its status, empty if there was none
 *   <li>{@code gen_ai_server_time_to_first_token_seconds}: from the request to the first token of a
 *       stream
 *   <li>{@code gen_ai_server_time_per_output_token_seconds}: between the tokens after the first
 *   <li>{@code gen_ai_client_token_usage{…,gen_ai_token_type}}: {@code input} and {@code output}
 *       tokens of a request, as the model server counts them; its sum is what was used
 * </ul>
 *
 * each by {@code gen_ai_operation_name} and {@code gen_ai_request_model}. Thread-safe.
 */
public final class GenerationMetrics {
    private static final String OPERATION = "gen_ai_operation_name";
    private static final String MODEL = "gen_ai_request_model";

    private final Histogram duration;
    private final Histogram firstToken;
    private final Histogram perToken;
    private final Histogram tokens;

    GenerationMetrics(CollectorRegistry registry) {
        duration =
                Histogram.build(
                                "gen_ai_server_request_duration_seconds",
                                "How long a model's answer took.")
                        .labelNames(OPERATION, MODEL, "error_type")
                        .buckets(
                                .01, .02, .04, .08, .16, .32, .64, 1.28, 2.56, 5.12, 10.24, 20.48,
                                40.96, 81.92, 163.84, 327.68)
                        .register(registry);
        firstToken =
                Histogram.build(
                                "gen_ai_server_time_to_first_token_seconds",
                                "How long a stream's first token took.")
                        .labelNames(OPERATION, MODEL)
                        .buckets(
                                .01, .02, .04, .06, .08, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10, 30,
                                60)
                        .register(registry);
        perToken =
                Histogram.build(
                                "gen_ai_server_time_per_output_token_seconds",
                                "How long each token of a stream after the first took.")
                        .labelNames(OPERATION, MODEL)
                        .buckets(.01, .025, .05, .075, .1, .15, .2, .3, .4, .5, .75, 1, 2.5)
                        .register(registry);
        tokens =
                Histogram.build("gen_ai_client_token_usage", "Tokens of a request.")
                        .labelNames(OPERATION, MODEL, "gen_ai_token_type")
                        .buckets(1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576)
                        .register(registry);
    }

    /**
     * A model was asked and its answer is over.
     *
     * @param operation one of a closed set, such as {@code chat}
     * @param model a configured one
     * @param error a status, or empty
     */
    public void ended(String operation, String model, String error, Duration took) {
        duration.labels(operation, model, error).observe(seconds(took));
    }

    /** The first token of a stream has come. */
    public void firstToken(String operation, String model, Duration after) {
        firstToken.labels(operation, model).observe(seconds(after));
    }

    /**
     * A stream's last token has come.
     *
     * @param later tokens that came after the first, at least one
     * @param took from the first token to the last
     */
    public void laterTokens(String operation, String model, long later, Duration took) {
        perToken.labels(operation, model).observe(seconds(took) / (double) later);
    }

    /** The model server has told how many tokens it used. */
    public void used(String operation, String model, long input, long output) {
        tokens.labels(operation, model, "input").observe((double) input);
        tokens.labels(operation, model, "output").observe((double) output);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
