// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.scenario;

import ai.jan.bench.load.Chat;
import ai.jan.bench.report.Figure;
import ai.jan.bench.report.Result.Side;
import ai.jan.bench.report.Result.Used;
import java.util.ArrayList;
import java.util.List;

/** The figures of a chat that was asked of the platform and of the model itself in turns. */
final class Compared {
    private static final String CARRIED = "carried";
    private static final String PER_REQUEST = "processor_per_request";
    private static final String RATIO = "processor_ratio";
    private static final List<String> ALWAYS =
            List.of(
                    "requests_per_second",
                    "requests_per_second_model",
                    "share_of_model",
                    "time_added_p50",
                    "time_added_p99",
                    PER_REQUEST);
    private static final List<String> OF_STREAMS =
            List.of(
                    "first_token_added_p50",
                    "first_token_added_p99",
                    "token_added_p50",
                    "token_added_p99",
                    "jitter_added_p99",
                    "processor_per_token");

    private Compared() {}

    /**
     * The names of the figures of a chat.
     *
     * @param another whether there is another scenario to compare with
     */
    static List<String> names(Chat chat, boolean another) {
        var names = new ArrayList<>(ALWAYS);
        if (chat.stream()) {
            names.addAll(OF_STREAMS);
        }
        if (isPaced(chat)) {
            names.add(CARRIED);
        }
        if (another) {
            names.add(RATIO);
        }
        return names;
    }

    /**
     * @param through what clients of the platform saw
     * @param direct what clients of the model saw
     * @param used by the platform for what its clients saw
     */
    static List<Figure> figures(Chat chat, Side through, Side direct, List<Used> used) {
        double processor = used.stream().mapToDouble(Used::processorSeconds).sum() * 1e6;
        var figures = new ArrayList<Figure>();
        figures.add(Figure.of("requests_per_second", rate(through), "1/s"));
        figures.add(Figure.of("requests_per_second_model", rate(direct), "1/s"));
        figures.add(Figure.of("share_of_model", rate(through) / rate(direct), ""));
        figures.add(added("time_added_p50", through.whole().at(50), direct.whole().at(50)));
        figures.add(added("time_added_p99", through.whole().at(99), direct.whole().at(99)));
        figures.add(
                Figure.of(
                        "processor_per_request", processor / atLeastOne(through.requests()), "µs"));
        if (chat.stream()) {
            for (int percentile : new int[] {50, 99}) {
                figures.add(
                        added(
                                "first_token_added_p" + percentile,
                                through.firstToken().at(percentile),
                                direct.firstToken().at(percentile)));
                figures.add(
                        added(
                                "token_added_p" + percentile,
                                through.onTheWay().at(percentile),
                                direct.onTheWay().at(percentile)));
            }
            figures.add(added("jitter_added_p99", through.jitter().at(99), direct.jitter().at(99)));
            figures.add(
                    Figure.of(
                            "processor_per_token", processor / atLeastOne(through.tokens()), "µs"));
        }
        if (isPaced(chat)) {
            double offered = chat.script().gap().toNanos() / 1e6;
            figures.add(Figure.of(CARRIED, offered / through.meanGap(), ""));
        }
        return figures;
    }

    /** How much more a request costs than in another scenario. */
    static Figure ratio(List<Figure> figures, List<Figure> others) {
        return Figure.of(RATIO, perRequest(figures) / perRequest(others), "");
    }

    private static double perRequest(List<Figure> figures) {
        return figures.stream()
                .filter(figure -> figure.name().equals(PER_REQUEST))
                .findFirst()
                .orElseThrow()
                .value();
    }

    private static boolean isPaced(Chat chat) {
        return chat.stream() && chat.script().tokens() > 1 && !chat.script().gap().isZero();
    }

    private static Figure added(String name, double through, double direct) {
        return Figure.of(name, through - direct, "ms");
    }

    private static double rate(Side side) {
        return side.requests() / side.seconds();
    }

    private static long atLeastOne(long count) {
        return Math.max(count, 1);
    }
}
