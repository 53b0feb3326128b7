// SPDX-License-Identifier: Apache-2.0
package ai.jan.stack.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How to start one process of the stack.
 *
 * @param name as shown to the user and in {@code stack.json}
 * @param command program and arguments; never a secret, anybody on the machine can read them
 * @param environment the whole environment of the process
 * @param folder the working directory
 * @param wave when it is stopped: a wave begins when the one before has ended
 * @param stopSignal what asks it to stop
 * @param ready whether it does its work now
 * @param frozenAfter how long it may be alive without doing its work until it is killed and started
 *     again, because nobody else would end the wait of its clients; zero if somebody does
 * @param patience how long it may take to become ready
 */
public record Launch(
        String name,
        List<String> command,
        Map<String, String> environment,
        Path folder,
        Wave wave,
        StopSignal stopSignal,
        Readiness ready,
        Duration frozenAfter,
        Duration patience) {
    /** For a process whose clients are told by nobody else that it does not answer. */
    public static final Duration SOON = Duration.ofSeconds(8);

    /** For a process whose clients have deadlines of their own. */
    public static final Duration NEVER = Duration.ZERO;

    /** The order in which a stack is stopped. */
    public enum Wave {
        GATEWAY,
        SERVICE,
        DATABASE
    }

    /** What a process understands as a request to end soon. */
    public enum StopSignal {
        TERM,
        /** PostgreSQL's fast shutdown: it does not wait for its clients to leave. */
        INT
    }

    /** A cheap look whether a process works; asked again and again. */
    @FunctionalInterface
    public interface Readiness {
        boolean isReady() throws InterruptedException;
    }

    public Launch {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    @Override
    public String toString() {
        return name; // the environment holds secrets
    }
}
