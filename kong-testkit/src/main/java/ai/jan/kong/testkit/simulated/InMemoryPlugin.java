// SPDX-License-Identifier: Apache-2.0
package ai.jan.kong.testkit.simulated;

import ai.jan.kong.pdk.Kong;
import ai.jan.kong.pdk.Log;
import ai.jan.kong.pdk.PdkException;
import ai.jan.kong.pdk.Phase;
import ai.jan.kong.pdk.Plugin;
import ai.jan.kong.pdk.calls.ExitSignal;
import ai.jan.kong.pdk.calls.KongCalls;
import ai.jan.kong.pdk.logging.EventLog;
import ai.jan.kong.testkit.EventOutcome;
import ai.jan.kong.testkit.PdkHost;
import java.util.Optional;

/** A Java plugin without a plugin server. */
final class InMemoryPlugin implements EventRunner {
    private final String name;
    private final Plugin plugin;
    private int roundTrips;
    private Optional<Throwable> failure = Optional.empty();

    InMemoryPlugin(String name, Plugin plugin) {
        this.name = name;
        this.plugin = plugin;
    }

    /** Of the last event. */
    int roundTrips() {
        return roundTrips;
    }

    /** What the plugin threw in the last event. */
    Optional<Throwable> failure() {
        return failure;
    }

    /** Not for two threads at once: a simulated Kong handles one request after the other. */
    @Override
    public EventOutcome run(Phase phase, PdkHost host) {
        var calls = new InMemoryCalls(phase, host);
        failure = Optional.empty();
        try {
            run(phase, new KongCalls(calls, name, Log.Level.DEBUG));
            calls.end();
        } catch (ExitSignal e) {
            // the outcome says it
        } catch (PdkException e) {
            failure = Optional.of(e);
        } catch (Exception | Error e) {
            failure = Optional.of(e);
            return failed(calls, phase, e);
        } finally {
            roundTrips = calls.roundTrips();
            calls.close();
        }
        return calls.outcome().orElseThrow();
    }

    /** As the plugin server does it: what is queued is carried out, then the request fails. */
    private EventOutcome failed(InMemoryCalls calls, Phase phase, Throwable reason) {
        if (calls.outcome().isEmpty()) {
            calls.end();
        }
        return new EventOutcome.Failed(name + " failed in " + phase.wireName() + ": " + reason);
    }

    private void run(Phase phase, Kong kong) throws Exception {
        EventLog.begin(kong.log());
        try {
            switch (phase) {
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
}
