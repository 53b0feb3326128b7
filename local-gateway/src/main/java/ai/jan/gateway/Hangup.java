// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway;

import java.lang.reflect.Proxy;
import java.util.concurrent.Semaphore;

/**
 * Runs something at each SIGHUP, which would otherwise end the process. Java offers signals in
 * {@code sun.misc} only; by name, because the compiler warns of that package and we allow no
 * warnings.
 */
final class Hangup {
    /** What is run; on a thread of its own, never twice at a time. */
    interface Action {
        void run() throws InterruptedException;
    }

    private Hangup() {}

    static void then(Action action) {
        var signals = new Semaphore(0);
        handle(signals::release);
        Thread.ofPlatform()
                .daemon()
                .name("hangup")
                .start(() -> {
                    try {
                        while (true) {
                            signals.acquire();
                            signals.drainPermits(); // several at once are one
                            action.run();
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    private static void handle(Runnable action) {
        try {
            var signal = Class.forName("sun.misc.Signal");
            var handler = Class.forName("sun.misc.SignalHandler");
            var proxy =
                    Proxy.newProxyInstance(
                            handler.getClassLoader(),
                            new Class<?>[] {handler},
                            (_, _, _) -> {
                                action.run();
                                return null;
                            });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), proxy);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JDK has no signals", e);
        }
    }
}
