// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.jan.bench.load.Load;
import ai.jan.bench.platform.Chain;
import ai.jan.bench.report.Figure.Aim;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScenarioFilesTest {
    private static final Path COMMITTED = Path.of("scenarios");
    private static final String FULL =
            """
            title: streams
            section: Streams
            target: llm-api-lite
            request: {stream: true, tokens: 128, first: 20ms, gap: 500us, prompt: 1024}
            load: {clients: 32}
            warm_up: 1s
            duration: 5s
            rounds: 3
            failures: ["503"]
            aims:
              token_added_p50: {at_most: 0.5}
            """;

    @TempDir private Path folder;

    @Test
    void readsEachCommittedFile() throws Exception {
        var files = ScenarioFiles.read(COMMITTED);

        assertThat(files.names()).isNotEmpty();
        assertThat(files.chosen(List.of())).hasSameSizeAs(files.names());
    }

    @Test
    void readsEveryField() {
        var scenario = ScenarioFiles.parse("streams.yaml", FULL);

        assertThat(scenario.name()).isEqualTo("streams");
        assertThat(scenario.target()).isEqualTo(Chain.LLM_API_LITE);
        assertThat(scenario.warmUp()).isEqualTo(Duration.ofSeconds(1));
        assertThat(scenario.duration()).isEqualTo(Duration.ofSeconds(5));
        assertThat(scenario.rounds()).isEqualTo(3);
        assertThat(scenario.failures()).containsExactly("503");
        assertThat(scenario.aims()).containsEntry("token_added_p50", new Aim(true, 0.5));
        assertThat(scenario.kind())
                .isInstanceOfSatisfying(
                        Kind.Chats.class,
                        chats -> {
                            assertThat(chats.demand())
                                    .isEqualTo(new Demand.Given(new Load.Closed(32)));
                            assertThat(chats.chat().stream()).isTrue();
                            assertThat(chats.chat().padding()).isEqualTo(1024);
                            assertThat(chats.chat().script().tokens()).isEqualTo(128);
                            assertThat(chats.chat().script().gap())
                                    .isEqualTo(Duration.ofNanos(500_000));
                        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    title: streams       | titel: streams              | title: is missing
                    target: llm-api-lite | target: kong                | target: expected one of model
                    gap: 500us           | gap: 5                      | request.gap: expected a time
                    tokens: 128          | tokens: many                | request.tokens: expected a number
                    tokens: 128          | tokens: 1.5                 | request.tokens: expected a whole number
                    stream: true         | stream: 7                   | request.stream: expected true or false
                    prompt: 1024         | padding: 1024               | request.prompt: is missing
                    prompt: 1024         | prompt: 1, size: 2          | request.size: there is no such field
                    {clients: 32}        | {clients: 0}                | load.clients: expected a number from 1
                    {clients: 32}        | {clients: 1, at: 0.5}       | load.at: expected `at` and `of`
                    {clients: 32}        | {clients: 1, rate: 5, at: 1, of: x} | load.rate: expected no rate
                    duration: 5s         | duration: soon              | duration: expected a time
                    rounds: 3            | rounds: 0                   | rounds: expected a number from 1
                    failures: ["503"]    | failures: 503               | failures: expected a list
                    at_most: 0.5         | below: 0.5                  | aims.token_added_p50.below: there is no
                    token_added_p50      | tokens_added_p50            | aims: expected one of
                    rounds: 3            | kind: dance                 | kind: expected
                    section: Streams     | section: [Streams           | while parsing
                    title: streams       | target: all                 | duplicate key
                    """)
    void tellsFileAndFieldOfWhatIsWrong(String right, String wrong, String message) {
        assertThat(FULL).contains(right);

        assertThatThrownBy(() -> ScenarioFiles.parse("bad.yaml", FULL.replace(right, wrong)))
                .isInstanceOf(InvalidScenario.class)
                .hasMessageStartingWith("bad.yaml: ")
                .hasMessageContaining(message);
    }

    @Test
    void measuresWhatAnotherNeedsBeforeIt() throws Exception {
        write("a-half.yaml", FULL.replace("{clients: 32}", "{clients: 9, at: 0.5, of: z-most}"));
        write("z-most.yaml", FULL);

        assertThat(ScenarioFiles.read(folder).chosen(List.of("a-half")))
                .extracting(Scenario::name)
                .containsExactly("z-most", "a-half");
    }

    @Test
    void aStarStandsForTheRestOfAName() throws Exception {
        write("a-half.yaml", FULL.replace("rounds: 3", "rounds: 3\nagainst: z-most"));
        write("a.yaml", FULL);
        write("z-most.yaml", FULL);

        assertThat(ScenarioFiles.read(folder).chosen(List.of("a-*")))
                .extracting(Scenario::name)
                .containsExactly("z-most", "a-half");
        assertThatThrownBy(() -> ScenarioFiles.read(folder).chosen(List.of("b*")))
                .hasMessageContaining("b*");
    }

    @Test
    void refusesAShareOfWhatIsNotComparable() throws Exception {
        write("a-half.yaml", FULL.replace("{clients: 32}", "{clients: 9, at: 0.5, of: z-most}"));
        write("z-most.yaml", FULL.replace("target: llm-api-lite", "target: all"));

        assertThatThrownBy(() -> ScenarioFiles.read(folder))
                .hasMessageContaining("a-half.yaml: load.of");
    }

    @Test
    void refusesANameThatThereIsNot() throws Exception {
        assertThatThrownBy(() -> ScenarioFiles.read(COMMITTED).chosen(List.of("no-such")))
                .hasMessageContaining("no-such");
    }

    private void write(String name, String text) throws Exception {
        Files.writeString(folder.resolve(name), text);
    }
}
