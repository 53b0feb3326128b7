// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.peers;

import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * What ours is to reach against one of the others.
 *
 * @param peer what its name begins with
 * @param what is compared, ours divided by the other's
 * @param atLeast whether the ratio is to be at least the bound, else at most
 */
record Aim(String peer, String what, boolean atLeast, double bound, Ratio ratio) {
    /** Ours divided by the other's; empty if one of them has no figures. */
    @FunctionalInterface
    interface Ratio {
        Optional<Double> of(Results results, String peer);
    }

    static final List<Aim> ALL =
            List.of(
                    new Aim(
                            Results.LITELLM,
                            "requests/s, 32 connections",
                            true,
                            10,
                            figure(Workload.WHOLE_32, Figures::requests)),
                    new Aim(
                            Results.LITELLM,
                            "added time (median), 1 connection",
                            false,
                            0.25,
                            added(Workload.WHOLE_1)),
                    new Aim(
                            Results.LITELLM,
                            "added time (median), 32 connections",
                            false,
                            0.1,
                            added(Workload.WHOLE_32)),
                    new Aim(
                            Results.LITELLM,
                            "CPU of a streamed token",
                            false,
                            0.1,
                            figure(Workload.TOKENS_8, Figures::cpuToken)),
                    new Aim(
                            Results.VLLM_ROUTER,
                            "requests/s, 32 connections",
                            true,
                            0.25,
                            figure(Workload.WHOLE_32, Figures::requests)),
                    new Aim(
                            Results.VLLM_ROUTER,
                            "CPU of a streamed token",
                            false,
                            3,
                            figure(Workload.TOKENS_8, Figures::cpuToken)));

    private static Ratio figure(Workload workload, ToDoubleFunction<Figures> figure) {
        return (results, peer) ->
                results.figures(workload, Results.OURS)
                        .flatMap(ours ->
                                results.figures(workload, peer)
                                        .map(other ->
                                                figure.applyAsDouble(ours)
                                                        / figure.applyAsDouble(other)));
    }

    /** How much longer a request takes than from the model itself. */
    private static Ratio added(Workload workload) {
        return (results, peer) ->
                results.figures(workload, Results.MODEL)
                        .map(Figures::p50)
                        .flatMap(alone ->
                                figure(workload, figures -> figures.p50() - alone)
                                        .of(results, peer));
    }

    /** Whether it was reached; empty if it was not measured. */
    Optional<Boolean> reached(Results results) {
        return ratio.of(results, peer).map(seen -> atLeast ? seen >= bound : seen <= bound);
    }
}
