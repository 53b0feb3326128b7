// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.pdk.server;

import ai.jan.kong.pdk.Kong;
import ai.jan.kong.pdk.PdkException;
import ai.jan.kong.pdk.Plugin;
import ai.jan.kong.pdk.calls.ExitSignal;
import ai.jan.kong.pdk.calls.KongCalls;
import ai.jan.kong.pdk.logging.EventLog;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One phase of one request, run by its plugin: the part on the plugin's thread. */
final class RunningEvent implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(RunningEvent.class);

    private final Instance instance;
    private final EventCalls calls;
    private final SharedPlugins shared;
    private final ServerOptions options;
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile @Nullable Throwable failure;

    RunningEvent(Instance instance, EventCalls calls, SharedPlugins shared, ServerOptions options) {
        this.instance = instance;
        this.calls = calls;
        this.shared = shared;
        this.options = options;
    }

    /** What has left the phase method, if anything has. */
    @Nullable Throwable failure() {
        return failure;
    }

    /** Waits for its end. */
    boolean await(long nanos) throws InterruptedException {
        return done.await(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void run() {
        try {
            calls.begin();
            switch (instance) {
                case Instance.Usable usable -> run(usable);
                case Instance.Refused refused -> throw refused.reason();
            }
            calls.end();
        } catch (Throwable e) { // one event's trouble must not become another's
            fail(e);
        } finally {
            done.countDown();
        }
    }

    private void run(Instance.Usable usable) throws Exception {
        var configured = usable.configured();
        var lease = shared.retain(configured.key(), configured.factory());
        try {
            run(lease.get(), new KongCalls(calls, usable.plugin(), options.logLevel()));
        } finally {
            shared.release(configured.key(), lease);
        }
    }

    private void run(Plugin plugin, Kong kong) throws Exception {
        EventLog.begin(kong.log());
        try {
            switch (calls.phase()) {
                case CERTIFICATE -> plugin.certificate(kong);
                case REWRITE -> plugin.rewrite(kong);
                case ACCESS -> plugin.access(kong);
                case RESPONSE -> plugin.response(kong);
                case PREREAD -> plugin.preread(kong);
                case LOG -> plugin.log(kong);
            }
        } finally {
            EventLog.end();
        }
    }

    /** Ends the event because of something that went wrong. */
    void fail(Throwable reason) {
        failure = reason;
        var plugin = instance.plugin();
        var phase = calls.phase().wireName();
        switch (calls.state()) {
            case OPEN -> {
                logFailure(plugin + " failed in " + phase, reason);
                var line =
                        "[" + plugin + "] failed in " + phase + ": " + FailureAnswers.text(reason);
                try {
                    calls.fail(
                            FailureAnswers.oneLine(line),
                            FailureAnswers.of(instance, calls.phase(), reason, options));
                } catch (PdkException e) {
                    LOG.debug("and Kong could not be told", e);
                }
            }
            case EXITED -> {
                if (!(reason instanceof ExitSignal)) {
                    logFailure(plugin + " failed after kong.response.exit", reason);
                }
            }
            case LOST, ENDED, EXPIRED -> LOG.debug("{} was stopped", plugin, reason);
        }
    }

    /** An exception is a plugin's own code, and may fail in its turn. */
    private static void logFailure(String what, Throwable reason) {
        try {
            LOG.error("{}", what, reason);
        } catch (Throwable e) {
            LOG.error("{}: {}", what, FailureAnswers.text(reason));
        }
    }
}
