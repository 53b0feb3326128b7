// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process holds. */
record Resources(int threads, long descriptors, long heapBytes) {
    private static final int ATTEMPTS = 200;
    private static final long PAUSE_MS = 100;

    /** More would be a leak: some threads of pools and classes loaded meanwhile are none. */
    private static final int MORE_THREADS = 8;

    private static final int MORE_DESCRIPTORS = 8;
    private static final long MORE_HEAP_BYTES = 8 << 20;

    static Resources now() throws Exception {
        System.gc();
        var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        try (var open = Files.list(Path.of("/proc/self/fd"))) {
            return new Resources(
                    ManagementFactory.getThreadMXBean().getThreadCount(), open.count(), heap);
        }
    }

    /** Waits until this process holds no more than it did; prints the figures. */
    void areBackAfter(String what) throws Exception {
        var after = now();
        for (int i = 0; i < ATTEMPTS && !isBack(after); i++) {
            Thread.sleep(PAUSE_MS);
            after = now();
        }
        System.out.printf("after %s: %s, before %s%n", what, after, this);
        assertThat(isBack(after)).as("%s after %s, %s before", after, what, this).isTrue();
    }

    private boolean isBack(Resources after) {
        return after.threads <= threads + MORE_THREADS
                && after.descriptors <= descriptors + MORE_DESCRIPTORS
                && after.heapBytes <= heapBytes + MORE_HEAP_BYTES;
    }

    @Override
    public String toString() {
        return "%d threads, %d descriptors, %.1f MB of heap"
                .formatted(threads, descriptors, heapBytes / 1e6);
    }
}
