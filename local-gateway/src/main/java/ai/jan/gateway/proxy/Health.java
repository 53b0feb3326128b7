// SPDX-License-Identifier: Apache-2.0
package ai.jan.gateway.proxy;

import ai.jan.gateway.config.Upstream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a target is healthy, by what requests there came to. It is until proven otherwise.
 * Thread-safe.
 */
final class Health {
    private static final Logger LOG = LoggerFactory.getLogger(Health.class);

    private final String target;
    private final Upstream.Healthy healthyRule;
    private final Upstream.Unhealthy unhealthyRule;
    private boolean healthy = true;
    private final Counts clients = new Counts();

    /** Of one source, in a row. */
    static final class Counts {
        private int successes;
        private int httpFailures;
        private int tcpFailures;
        private int timeouts;
    }

    Health(String target, Upstream.Healthy healthyRule, Upstream.Unhealthy unhealthyRule) {
        this.target = target;
        this.healthyRule = healthyRule;
        this.unhealthyRule = unhealthyRule;
    }

    synchronized boolean healthy() {
        return healthy;
    }

    /** A client's request was answered. */
    void answered(int status) {
        answered(status, clients, healthyRule, unhealthyRule);
    }

    /** A client's request was not. */
    void failed(boolean timeout) {
        failed(timeout, clients, unhealthyRule);
    }

    synchronized void answered(
            int status, Counts counts, Upstream.Healthy good, Upstream.Unhealthy bad) {
        if (good.httpStatuses().contains(status)) {
            int successes = counts.successes + 1;
            clear(counts);
            counts.successes = successes;
            if (reached(successes, good.successes())) {
                become(true);
            }
        } else if (bad.httpStatuses().contains(status)) {
            counts.successes = 0;
            if (reached(++counts.httpFailures, bad.httpFailures())) {
                become(false);
            }
        }
    }

    synchronized void failed(boolean timeout, Counts counts, Upstream.Unhealthy bad) {
        counts.successes = 0;
        boolean enough =
                timeout
                        ? reached(++counts.timeouts, bad.timeouts())
                        : reached(++counts.tcpFailures, bad.tcpFailures());
        if (enough) {
            become(false);
        }
    }

    private static boolean reached(int count, int limit) {
        return limit > 0 && count >= limit;
    }

    private static void clear(Counts counts) {
        counts.httpFailures = 0;
        counts.tcpFailures = 0;
        counts.timeouts = 0;
    }

    private void become(boolean now) {
        if (healthy != now) {
            healthy = now;
            clear(clients);
            LOG.info("target {} is {}", target, now ? "healthy" : "unhealthy");
        }
    }
}
