// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import ai.jan.kong.pdk.Bytes;
import ai.jan.kong.pdk.Kong;
import ai.jan.kong.pdk.calls.ExitSignal;
import ai.jan.kong.pdk.server.EventReport.Ending;
import ai.jan.kong.testkit.EventOutcome.Completed;
import ai.jan.kong.testkit.EventOutcome.Exited;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * The plugin server over a real socket: what plugins can do, and what Kong and clients see of it.
 */
class PluginServerIT extends ServedScript {
    @Test
    void givesThePluginItsConfiguration() throws Exception {
        var seen = new AtomicReference<ScriptedPlugin.Config>();

        assertThat(run((kong, config) -> seen.set(config))).isEqualTo(new Completed());

        assertThat(seen.get()).isEqualTo(new ScriptedPlugin.Config("b", 2));
    }

    @Test
    void readsABatchOfAnswersInOneRoundTrip() throws Exception {
        var seen = new ArrayList<Object>();

        var outcome =
                run((kong, config) -> {
                    var method = kong.request().getMethod();
                    var header = kong.request().getHeader("X-A");
                    var missing = kong.request().getHeader("X-None");
                    var headers = kong.request().getHeaders();
                    kong.service().request().setHeader("X-B", "2");
                    seen.addAll(List.of(method.get(), header.get(), missing.get()));
                    seen.add(headers.get().first("HOST"));
                    kong.response().setHeader("X-C", "3");
                });

        assertThat(outcome).isEqualTo(new Completed());
        assertThat(seen).hasToString("[GET, Optional[1], Optional.empty, Optional[gw.test]]");
        assertThat(host.calls).hasSize(6).last().isEqualTo("kong.response.set_header");
        assertThat(report())
                .satisfies(report -> assertThat(report.ending()).isEqualTo(Ending.COMPLETED))
                .satisfies(report -> assertThat(report.calls()).isEqualTo(6))
                .satisfies(report -> assertThat(report.roundTrips()).isEqualTo(1));
    }

    @Test
    void asksOneByOneWhenEachAnswerIsWaitedFor() throws Exception {
        run((kong, config) -> {
            kong.request().getMethod().get();
            kong.request().getPath().get();
        });

        assertThat(report().roundTrips()).isEqualTo(2);
    }

    @Test
    void readsAnswersBeforeTooManyAreOutstanding() throws Exception {
        var outcome =
                run((kong, config) -> {
                    for (int i = 0; i < 1000; i++) {
                        kong.service().request().setHeader("X-" + i, "v");
                    }
                });

        assertThat(outcome).isEqualTo(new Completed());
        assertThat(host.calls).hasSize(1000);
        assertThat(report().roundTrips()).isEqualTo(1000 / 64);
    }

    @Test
    void exitAnswersTheRequestAfterWhatWasQueued() throws Exception {
        var outcome =
                run((kong, config) -> {
                    kong.response().setHeader("X-A", "1");
                    throw kong.response()
                            .exit(403, new byte[] {'n', 'o'}, Map.of("X-B", List.of("1", "2")));
                });

        assertThat(outcome)
                .isEqualTo(new Exited(403, Bytes.utf8("no"), Map.of("X-B", List.of("1", "2"))));
        assertThat(host.calls).containsExactly("kong.response.set_header");
        assertThat(report().ending()).isEqualTo(Ending.EXITED);
    }

    @Test
    void codeAfterExitCannotCallKong() throws Exception {
        var failure = new AtomicReference<Throwable>();

        var outcome =
                run((kong, config) -> {
                    try {
                        kong.response().exit(204, new byte[0], Map.of());
                    } catch (ExitSignal ignored) {
                        failure.set(catchThrowable(() -> kong.log().err("late")));
                    }
                });

        assertThat(outcome).isInstanceOf(Exited.class);
        assertThat(report().ending()).isEqualTo(Ending.EXITED);
        assertThat(failure.get())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("kong.log.err")
                .hasMessageContaining("kong.response.exit");
    }

    @Test
    void refusesWhatKongWouldRefuseBeforeSendingIt() throws Exception {
        var failures = new ArrayList<Throwable>();

        var outcome =
                run((kong, config) -> {
                    failures.add(catchThrowable(() -> kong.response().setStatus(99)));
                    failures.add(catchThrowable(() -> kong.response().setHeader("X-A", "a\r\nb")));
                    failures.add(catchThrowable(() -> kong.response().setHeader("X A", "a")));
                    failures.add(catchThrowable(() -> kong.ctx().shared().set("k", false)));
                    failures.add(catchThrowable(() -> kong.response().getStatus()));
                });

        assertThat(outcome).isEqualTo(new Completed());
        assertThat(host.calls).isEmpty();
        assertThat(failures.subList(0, 4))
                .allSatisfy(f -> assertThat(f).isInstanceOf(IllegalArgumentException.class));
        assertThat(failures.getFirst()).hasMessageContaining("kong.response.set_status");
        assertThat(failures.getLast())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("kong.response.get_status")
                .hasMessageContaining("access");
    }

    @Test
    void refusesCallsFromAnotherThreadAndAfterTheEnd() throws Exception {
        var kept = new AtomicReference<Kong>();
        var elsewhere = new AtomicReference<Throwable>();

        run((kong, config) -> {
            kept.set(kong);
            Thread.ofVirtual()
                    .start(() -> elsewhere.set(catchThrowable(() -> kong.log().err("x"))))
                    .join();
        });

        assertThat(elsewhere.get())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("thread");
        assertThatThrownBy(() -> kept.get().request().getMethod())
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void dropsLogLinesBelowItsLevel() throws Exception {
        run((kong, config) -> {
            kong.log().info("not sent");
            kong.log().warn("sent");
        });

        assertThat(host.log).containsExactly("[scripted] sent");
        assertThat(host.calls).containsExactly("kong.log.warn");
    }
}
