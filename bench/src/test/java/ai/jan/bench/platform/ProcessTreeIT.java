// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
@Timeout(60)
class ProcessTreeIT {
    @Test
    void addsUpWhatAProcessAndItsChildrenUse() throws Exception {
        var shell =
                new ProcessBuilder(
                                "sh",
                                "-c",
                                "(i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done);"
                                        + " echo done; sleep 60 & read x; kill $!")
                        .start();
        try {
            assertThat(shell.inputReader().readLine()).isEqualTo("done");
            var tree = new ProcessTree(shell.pid());

            assertThat(tree.processorSeconds()).as("of a child that has ended").isPositive();
            assertThat(tree.memoryBytes()).isPositive();
            tree.forgetPeak();
            assertThat(tree.peakBytes()).isPositive();
        } finally {
            shell.outputWriter().close();
            shell.waitFor();
        }
    }

    @Test
    void doesNotCountAProcessThatHasEnded() throws Exception {
        var process = new ProcessBuilder("true").start();
        process.waitFor();

        assertThatThrownBy(() -> new ProcessTree(process.pid()).processorSeconds())
                .isInstanceOf(IOException.class);
    }
}
