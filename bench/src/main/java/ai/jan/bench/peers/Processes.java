// SPDX-License-Identifier: Apache-2.0
package ai.jan.bench.peers;

import ai.jan.bench.platform.ProcessTree;
import ai.jan.bench.special.Freeze;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Processes with all that they have started, as one: what they use together, and whether they may
 * run. For one thread.
 */
final class Processes {
    private final List<Long> pids;
    private final Deque<Freeze> frozen = new ArrayDeque<>();

    /**
     * @param pids of those that have to live as long as this is used; with none, nothing is known
     *     of what they use
     */
    Processes(List<Long> pids) {
        this.pids = List.copyOf(pids);
    }

    /** All that a process has started so far, without itself. */
    static Processes below(ProcessHandle parent) {
        return new Processes(parent.children().map(ProcessHandle::pid).toList());
    }

    /**
     * Seconds of a processor used so far, also by those that have ended since; NaN if there are no
     * processes.
     *
     * @throws IOException if one has ended: what it used is not known any more
     */
    double cpuSeconds() throws IOException {
        double sum = pids.isEmpty() ? Double.NaN : 0;
        for (long pid : pids) {
            sum += new ProcessTree(pid).processorSeconds();
        }
        return sum;
    }

    /** They keep their state but get no processor until they go on. */
    void freeze() throws IOException {
        for (long pid : pids) {
            frozen.push(Freeze.whole(pid));
        }
    }

    void goOn() throws IOException {
        while (!frozen.isEmpty()) {
            frozen.pop().close();
        }
    }
}
