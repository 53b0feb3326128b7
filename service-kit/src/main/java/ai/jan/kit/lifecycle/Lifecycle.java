// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.lifecycle;

import ai.jan.kit.config.InvalidSettings;
import ai.jan.kit.logging.JavaLogging;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of one process by the platform's contract: exit status 0 when it ended as asked, 64 for
 * a wrong command line, 69 when something needed is not available, 70 for a fault of ours, 78 for a
 * wrong configuration, with the reasons on standard error. Ends on SIGTERM and SIGINT, and, with
 * {@code JAN_STOP_ON_STDIN_EOF=true}, when standard input does. Thread-safe.
 */
public final class Lifecycle {
    private static final Logger log = LoggerFactory.getLogger(Lifecycle.class);

    private record Part(String name, AutoCloseable closeable) {}

    private final List<String> arguments;
    private final Map<String, String> environment;
    private final Deque<Part> parts = new ArrayDeque<>();
    private final CountDownLatch stopAsked = new CountDownLatch(1);
    private volatile int status;

    Lifecycle(List<String> arguments, Map<String, String> environment) {
        this.arguments = List.copyOf(arguments);
        this.environment = Map.copyOf(environment);
    }

    /** Runs the program of this process and ends it. Called by {@code main}, once. */
    @SuppressWarnings("SystemExitOutsideMain") // it is the end of main
    public static void run(String[] arguments, Program program) {
        JavaLogging.redirect();
        var lifecycle = new Lifecycle(List.of(arguments), System.getenv());
        // A signal must end with the status of the contract, not with the JVM's own: hence halt.
        Runtime.getRuntime().addShutdownHook(new Thread(lifecycle::halt, "stop"));
        if ("true".equals(lifecycle.environment.get("JAN_STOP_ON_STDIN_EOF"))) {
            StandardInput.watch(System.in, () -> System.exit(0));
        }
        System.exit(lifecycle.execute(program));
    }

    public List<String> arguments() {
        return arguments;
    }

    public Map<String, String> environment() {
        return environment;
    }

    /** Closes a part when the process stops: the last one named first. */
    public synchronized <T extends AutoCloseable> T onStop(String name, T part) {
        parts.push(new Part(name, part));
        return part;
    }

    /** Waits until the process is asked to stop. */
    public void awaitStop() throws InterruptedException {
        stopAsked.await();
    }

    /**
     * Runs a program to its end.
     *
     * @return the exit status
     */
    int execute(Program program) {
        status = outcome(program);
        stop();
        return status;
    }

    private int outcome(Program program) {
        try {
            program.run(this);
            return 0;
        } catch (InvalidSettings e) {
            return failed(ProcessFailure.configuration(e.problems()));
        } catch (ProcessFailure e) {
            return failed(e);
        } catch (IOException e) {
            return failed(ProcessFailure.unavailable(String.valueOf(e.getMessage())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        } catch (RuntimeException | Error e) {
            log.error("the process failed", e);
            return ProcessFailure.INTERNAL;
        }
    }

    private static int failed(ProcessFailure failure) {
        failure.lines().forEach(System.err::println);
        return failure.status();
    }

    /** The JVM is going down: by a signal, by the end of standard input, or by its own exit. */
    private void halt() {
        stop();
        Runtime.getRuntime().halt(status);
    }

    synchronized void stop() {
        stopAsked.countDown();
        while (!parts.isEmpty()) {
            var part = parts.pop();
            try {
                part.closeable().close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                status = ProcessFailure.INTERNAL;
                log.error("{} did not close", part.name(), e);
            }
        }
    }
}
