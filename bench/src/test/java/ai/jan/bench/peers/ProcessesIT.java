// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProcessesIT {
    private Process shell;
    private Processes tree;
    private List<ProcessHandle> all;

    /** A shell whose child computes until its input ends. */
    @BeforeEach
    void start() throws Exception {
        shell = new ProcessBuilder("sh", "-c", "(while :; do :; done) & read _; kill $!").start();
        tree = new Processes(List.of(shell.pid()));
        while (shell.descendants().findAny().isEmpty()) {
            Thread.sleep(10);
        }
        all = Stream.concat(shell.descendants(), Stream.of(shell.toHandle())).toList();
    }

    @AfterEach
    void stop() throws Exception {
        all.forEach(ProcessHandle::destroyForcibly);
        assertThat(shell.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void getsNoProcessorWhileFrozen() throws Exception {
        awaitMore(0);
        tree.freeze();
        Thread.sleep(300); // until the signal has come
        double before = tree.cpuSeconds();
        Thread.sleep(300);

        assertThat(tree.cpuSeconds()).isEqualTo(before);

        tree.goOn();
        awaitMore(before);
    }

    @Test
    void doesNotForgetAProcessThatHasEnded() throws Exception {
        shell.destroyForcibly().waitFor();

        assertThatThrownBy(tree::cpuSeconds).isInstanceOf(IOException.class);
    }

    private void awaitMore(double seconds) throws Exception {
        while (tree.cpuSeconds() <= seconds) {
            Thread.sleep(10);
        }
    }
}
