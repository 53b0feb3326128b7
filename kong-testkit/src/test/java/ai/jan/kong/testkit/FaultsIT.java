// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ai.jan.kong.pdk.Kong;
import ai.jan.kong.pdk.PdkException;
import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.server.EventReport.Ending;
import ai.jan.kong.testkit.EventOutcome.Completed;
import ai.jan.kong.testkit.EventOutcome.Failed;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong on Kong's side costs the plugin server that event and nothing else. */
class FaultsIT extends ServedScript {
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();

    /** Three questions at once. */
    private void ask(Kong kong) {
        var method = kong.request().getMethod();
        var path = kong.request().getPath();
        var header = kong.request().getHeader("x-a");
        failure.complete(
                catchThrowable(
                        () -> method.get().concat(path.get()).concat(header.get().orElse(""))));
    }

    private void isLostAt(Fault fault, String call) throws Exception {
        worker.inject(fault);

        assertThat(run((kong, config) -> ask(kong))).isInstanceOf(Failed.class);

        assertThat(failure.get(5, TimeUnit.SECONDS))
                .isInstanceOf(PdkException.class)
                .hasMessageContaining(call);
        assertThat(report().ending()).isEqualTo(Ending.LOST);
        assertThat(run((kong, config) -> {})).isEqualTo(new Completed());
    }

    @Test
    void anErrorInTheMiddleOfABatchNamesItsCall() throws Exception {
        isLostAt(new Fault.LuaErrorAt(2), "kong.request.get_path");
    }

    @Test
    void aConnectionThatIsClosedInAnEvent() throws Exception {
        isLostAt(new Fault.CloseAt(3), "kong.request.get_header");
    }

    @Test
    void aConnectionThatIsClosedInAnAnswer() throws Exception {
        isLostAt(new Fault.HalfAnswerAt(1), "kong.request.get_method");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void framesInPieces(int bytes) throws Exception {
        worker.inject(new Fault.Pieces(bytes));

        assertThat(run((kong, config) -> ask(kong))).isEqualTo(new Completed());
        assertThat(failure.get(5, TimeUnit.SECONDS)).isNull();
    }

    @Test
    void aKongThatTakesItsTime() throws Exception {
        worker.inject(new Fault.Slow(Duration.ofMillis(50)));

        assertThat(run((kong, config) -> ask(kong))).isEqualTo(new Completed());
        assertThat(failure.get(5, TimeUnit.SECONDS)).isNull();
    }

    @Test
    void workersThatAreReplaced() throws Exception {
        assertThat(run((kong, config) -> {})).isEqualTo(new Completed());
        worker.restart();

        assertThat(run(Phase.LOG, (kong, config) -> {})).isEqualTo(new Completed());
    }
}
