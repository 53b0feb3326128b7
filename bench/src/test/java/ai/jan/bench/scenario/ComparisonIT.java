// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import ai.jan.bench.load.Load;
import ai.jan.bench.model.MockModel;
import ai.jan.bench.platform.ProcessTree;
import ai.jan.bench.platform.Target;
import ai.jan.bench.report.Figure;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A scenario with nothing between the client and the model: what is added is next to nothing. */
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class ComparisonIT {
    private static final String TEXT =
            """
            title: tiny
            section: Streams
            target: llm-api-lite
            request: {stream: true, tokens: 5, first: 20ms, gap: 10ms, prompt: 100}
            load: {clients: 2}
            warm_up: 100ms
            duration: 300ms
            rounds: 2
            aims:
              carried: {at_least: 0.5}
            """;

    @Test
    void comparesWhatIsAskedInTurns() throws Exception {
        var scenario = ScenarioFiles.parse("tiny.yaml", TEXT);
        try (var model = MockModel.start(0)) {
            var target = Target.open("model", model.url().resolve("/v1"), MockModel.NAME);
            var self = new ProcessTree(ProcessHandle.current().pid());

            var measured =
                    new Comparison(target, target, new Meter(List.of("self"), _ -> self))
                            .run(
                                    scenario,
                                    ((Kind.Chats) scenario.kind()).chat(),
                                    new Load.Closed(2));

            var through = measured.through();
            assertThat(through.failures()).isEmpty();
            assertThat(through.requests()).isPositive();
            assertThat(through.tokens()).isEqualTo(5 * through.requests());
            assertThat(through.firstToken().at(50)).isGreaterThan(19);
            assertThat(measured.direct()).isNotNull();
            assertThat(measured.used())
                    .singleElement()
                    .satisfies(used -> assertThat(used.memoryMegabytes()).isPositive());
            assertThat(measured.withAims(scenario.aims()))
                    .extracting(Figure::name)
                    .containsExactlyInAnyOrderElementsOf(
                            Compared.names(((Kind.Chats) scenario.kind()).chat(), false));
        }
    }
}
