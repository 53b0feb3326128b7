// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack;

import ai.jan.kit.lifecycle.ProcessFailure;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Steps of a start that go on side by side; all are interrupted when the stack stops. */
final class Steps implements AutoCloseable {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    <T> Future<T> begin(Callable<T> step) {
        return threads.submit(step);
    }

    /** Something that nobody waits for. */
    void follow(Runnable step) {
        threads.execute(step);
    }

    /** The result of a step, or its failure. */
    static <T> T await(Future<T> step) throws IOException, InterruptedException {
        try {
            return step.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case ProcessFailure failure -> throw failure;
                case IOException failure -> throw failure;
                case InterruptedException failure -> throw failure;
                case RuntimeException failure -> throw failure;
                case null, default -> throw new IllegalStateException("a step failed", e);
            }
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
