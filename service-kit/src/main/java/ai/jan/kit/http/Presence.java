// SPDX-License-Identifier: Apache-2.0
package ai.jan.kit.http;

import org.jspecify.annotations.Nullable;

/**
 * Whether the client of one request is still there. It has gone when it closed its side of the
 * connection, as Kong and nginx do a few milliseconds after their own client left; one that only
 * half-closes it is taken for gone too, as nginx does. Known within milliseconds, unless the client
 * sent more than this request: then by the next write. Thread-safe.
 */
public final class Presence {
    private boolean gone;
    private @Nullable Runnable whenGone;

    Presence() {}

    public synchronized boolean isGone() {
        return gone;
    }

    /**
     * @throws ClientGone if nobody is there any more
     */
    public void check() throws ClientGone {
        if (isGone()) {
            throw new ClientGone(null);
        }
    }

    /**
     * Has something done as soon as the client leaves, once, on a thread of its own; at once if it
     * has left already. It is to wake whoever waits, and not to wait itself. Replaces what was to
     * be done before.
     */
    public void whenGone(Runnable action) {
        synchronized (this) {
            if (!gone) {
                whenGone = action;
                return;
            }
        }
        start(action);
    }

    /** Nothing is to be done any more. */
    public synchronized void forget() {
        whenGone = null;
    }

    void leave() {
        Runnable action;
        synchronized (this) {
            gone = true;
            action = whenGone;
            whenGone = null;
        }
        if (action != null) {
            start(action);
        }
    }

    private static void start(Runnable action) {
        Thread.ofVirtual().name("client-gone").start(action);
    }
}
