// SPDX-License-Identifier: Apache-2.0
package ai.jan.llm.backend;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Looks at all calls several times a second, so that none of them needs a timer: a token that
 * arrives costs no more than the time of its arrival. Its thread ends when there are no calls.
 * Thread-safe.
 */
final class SilenceWatch {
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final Set<UpstreamCall> calls = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean watching = new AtomicBoolean();

    void add(UpstreamCall call) {
        calls.add(call);
        if (watching.compareAndSet(false, true)) {
            Thread.ofVirtual().name("silence-watch").start(this::watch);
        }
    }

    void remove(UpstreamCall call) {
        calls.remove(call);
    }

    private void watch() {
        do {
            try {
                Thread.sleep(PAUSE);
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts it", e);
            }
            long now = System.nanoTime();
            calls.forEach(call -> call.look(now));
        } while (isNeeded());
    }

    /** One that is added while this is found out has it go on, here or on a new thread. */
    private boolean isNeeded() {
        if (!calls.isEmpty()) {
            return true;
        }
        watching.set(false);
        return !calls.isEmpty() && watching.compareAndSet(false, true);
    }
}
